import assert from 'node:assert/strict';
import test from 'node:test';
import type { KubernetesObject, Notice } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { node, type Node, type Reason } from '@guildhall/resources';
import { ready, stalled, waiting, type Outcome } from '../outcome.ts';
import { createStatusWriter } from './status.ts';

type Status = NonNullable<Node['status']>;

/** A node whose status is what was written last. */
function written() {
  const clock = createFakeClock();
  const writes: Status[] = [];
  const notices: Notice<Reason>[] = [];
  let object: Node = {
    apiVersion: 'guildhall.dev/v1alpha1',
    kind: 'Node',
    metadata: { name: 'peer0', namespace: 'gh-trade--acme', uid: 'u', generation: 1 },
    spec: { member: 'acme', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' },
  };
  const client = {
    async applyStatus(_type: unknown, { status }: { status: Status }) {
      writes.push(status);
      object = { ...object, status };
    },
  };
  const writer = createStatusWriter(client as never, clock, (_object: KubernetesObject, notice) => notices.push(notice));
  const report = (outcome: Outcome, version = '3.1.0') => writer.write(node.type, object, { outcome, findings: { version }, urgent: ({ endpoint }) => endpoint });
  return { clock, writes, notices, report };
}

test('a status is written when it differs, and not a second time', async () => {
  const { writes, report } = written();
  await report(ready('fine'));
  await report(ready('fine'));
  assert.equal(writes.length, 1);
  assert.deepEqual([writes[0]?.observedGeneration, writes[0]?.conditions?.[0]?.observedGeneration], [1, 1]);
});

test('words may come late, what others wait for may not', async () => {
  const { clock, writes, report } = written();
  await report(ready('fine'));
  assert.deepEqual(await report(ready('very fine')), { kind: 'requeue', afterMs: 250, reason: 'Progressing' });
  assert.equal(writes.length, 1);
  await clock.advance(250);
  await report(ready('very fine'));
  assert.equal(writes.length, 2);
  await report(waiting('Unreachable', 'gone'));
  assert.equal(writes.length, 3, 'that it is no longer ready is written at once');
});

test('a person is told once of what is wrong, and that an object is ready and is not any more', async () => {
  const { notices, report } = written();
  const told = (): string[] => notices.splice(0).map(({ type, reason }) => `${type} ${reason}`);
  await report(waiting('WaitingForPod', 'soon'));
  assert.deepEqual(told(), [], 'that it is on its way is nothing new');
  await report(waiting('QuotaExceeded', 'too much'));
  await report(waiting('QuotaExceeded', 'too much, and in other words'));
  assert.deepEqual(told(), ['Warning QuotaExceeded']);
  await report(stalled('KeyMissing', 'gone'));
  await report(stalled('KeyMissing', 'gone, and in other words'));
  assert.deepEqual(told(), ['Warning KeyMissing']);
  await report(ready('fine'));
  await report(ready('fine', { reason: 'BehindOthers', message: 'a bit' }));
  assert.deepEqual(told(), ['Normal Ready', 'Warning BehindOthers']);
  await report(ready('fine'));
  assert.deepEqual(told(), ['Normal Ready']);
  await report(waiting('WaitingForPod', 'another pod follows'));
  assert.deepEqual(told(), ['Normal WaitingForPod']);
});
