import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace } from '@guildhall/kubernetes';
import { waitForGone, waitForLeaving } from './leaving-namespace.ts';

const namespace = (name: string, more: Partial<Namespace['metadata']> = {}, status?: Namespace['status']): Namespace => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...more }, ...(status ? { status } : {}) });

const conditions = [
  { type: 'NamespaceContentRemaining', status: 'True', message: 'Some resources are remaining: configmaps. has 1 resource instances' },
  { type: 'NamespaceFinalizersRemaining', status: 'True', message: 'Some content in the namespace has finalizers remaining: a/b in 1 resource instances' },
];

test('namespaces that are there, or not yet, are not waited for', () => {
  assert.equal(waitForLeaving([namespace('gh-trade'), undefined]), undefined);
});

test('one that is being deleted is waited for by its name, with what the cluster says holds it', () => {
  const told = (status?: Namespace['status']): string => {
    const outcome = waitForLeaving([namespace('gh-trade'), namespace('gh-trade--acme', { deletionTimestamp: '2026-01-01T00:00:00Z' }, status)]);
    assert.ok(outcome?.kind === 'wait' && outcome.reason === 'NamespaceTerminating');
    return outcome.message;
  };
  assert.equal(told(), 'Namespace gh-trade--acme is being deleted, and is made anew when it has gone. See to what is left in it.');
  assert.match(told({ phase: 'Terminating', conditions }), /The cluster says: "Some content in the namespace has finalizers remaining: a\/b in 1 resource instances"\.$/);
});

test('of those that are to go the one that something holds is named, in the cluster’s words; that to cancel helps is not said', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  const [quiet, held] = [namespace('gh-trade', { deletionTimestamp }), namespace('gh-trade--acme', { deletionTimestamp }, { phase: 'Terminating', conditions })];
  const told = (...left: Namespace[]): string | undefined => {
    const outcome = waitForGone(left);
    return outcome?.kind === 'wait' ? outcome.message : undefined;
  };
  assert.equal(told(), undefined);
  assert.equal(told(quiet), 'Namespace gh-trade is being deleted. See to what is left in it, if that lasts. Namespaces left: 1.');
  assert.equal(
    told(quiet, held),
    'Namespace gh-trade--acme is being deleted. See to what is left in it, if that lasts. The cluster says: "Some content in the namespace has finalizers remaining: a/b in 1 resource instances". Namespaces left: 2.',
  );
});
