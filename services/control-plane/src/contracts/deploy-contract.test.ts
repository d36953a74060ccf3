import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contract } from '@guildhall/resources';
import { isCommitted } from './deploy-contract.ts';

type Committed = NonNullable<NonNullable<Contract['status']>['committed']>;
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const contract = (version: string, code: string, endorsementPolicy = '', committed?: Partial<Committed>, ready = false): Contract => ({
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'Contract',
  metadata: { namespace: 'gh-a', name: 'note', generation: 2 },
  spec: { channel: 'c', version, artifactDigest: digest(code), endorsementPolicy },
  status: {
    conditions: ready ? [{ type: 'Ready', status: 'True', reason: 'Ready', message: '', observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z' }] : [],
    ...(committed ? { committed: { sequence: 1, version, endorsementPolicy: 'printed otherwise', ...committed } } : {}),
  },
});

test('a new contract is committed when the channel has its version and code', () => {
  const wanted = contract('1', 'a');
  assert.equal(isCommitted(wanted, undefined, undefined), false);
  assert.equal(isCommitted(wanted, undefined, contract('1', 'a')), false);
  assert.equal(isCommitted(wanted, undefined, contract('1', 'a', '', { artifactDigest: digest('a') })), true);
  assert.equal(isCommitted(wanted, undefined, contract('1', 'a', '', {})), true, 'a status that does not tell the code');
});

test('an upgrade is committed when the channel has the new version, not the former one', () => {
  const former = contract('1', 'a');
  const wanted = contract('2', 'b');
  assert.equal(isCommitted(wanted, former, contract('2', 'b', '', { version: '1', artifactDigest: digest('a') })), false);
  assert.equal(isCommitted(wanted, former, contract('2', 'b', '', { artifactDigest: digest('b') })), true);
});

test('a change of the policy alone is committed when it is Ready', () => {
  const former = contract('1', 'a');
  const wanted = contract('1', 'a', "OR('A.peer')");
  const committed = { artifactDigest: digest('a') };
  assert.equal(isCommitted(wanted, former, contract('1', 'a', "OR('A.peer')", committed)), false);
  assert.equal(isCommitted(wanted, former, contract('1', 'a', "OR('A.peer')", committed, true)), true);
});
