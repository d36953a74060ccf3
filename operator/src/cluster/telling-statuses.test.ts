import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, done, silentLogger, type ReconcileContext } from '@guildhall/kubernetes';
import { node, type Node } from '@guildhall/resources';
import { ready, type Outcome, type Problem } from '../outcome.ts';
import type { StatusWriter } from './status.ts';
import { createTellingStatuses } from './telling-statuses.ts';

const peer: Node = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace: 'gh-a--b' }, spec: { member: 'b', role: 'peer', version: '3.1', storage: { size: '1Gi' }, exposure: 'Local' } };
const quota = new ApiError(403, 'Forbidden', 'services "peer0" is forbidden: exceeded quota: small, requested: services=1');

function world(refuses: (outcome: Outcome) => Error | undefined = () => undefined, older?: Problem) {
  const told: string[] = [];
  const writer: StatusWriter = {
    async write(_type, _object, { outcome }) {
      const error = refuses(outcome);
      if (error !== undefined) throw error;
      told.push(outcome.kind === 'ready' ? 'Ready' : outcome.reason);
      if (outcome.kind !== 'stalled' && outcome.degraded !== undefined) told.push(outcome.degraded.message);
      return done;
    },
  };
  const statuses = createTellingStatuses(writer, { problem: () => older });
  const state: { fails?: Error } = {};
  const reconcile = statuses.telling(node.type, { get: () => peer }, async () => {
    await statuses.write(node.type, peer, { outcome: ready('fine') });
    if (state.fails !== undefined) throw state.fails;
    return done;
  });
  const context = { logger: silentLogger } as ReconcileContext;
  return { told, state, pass: () => reconcile({ namespace: 'gh-a--b', name: 'peer0' }, context) };
}

test('a refusal is told, and nothing better until a pass gets through', async () => {
  const { told, state, pass } = world();
  state.fails = quota;
  await pass();
  assert.deepEqual(told.splice(0), ['Ready', 'QuotaExceeded']);
  await pass();
  assert.deepEqual(told.splice(0), ['QuotaExceeded', 'QuotaExceeded']);
  delete state.fails;
  assert.deepEqual(await pass(), { kind: 'requeue', afterMs: 0, reason: 'Progressing' }, 'what this pass has said is out of date');
  await pass();
  assert.deepEqual(told, ['QuotaExceeded', 'Ready']);
});

test('what may pass by itself goes on to who tries again', async () => {
  const { told, state, pass } = world();
  state.fails = new ApiError(500, 'InternalError', 'etcd is away');
  await assert.rejects(pass(), /etcd is away/);
  assert.deepEqual(told, ['Ready']);
});

test('where a definition does not know the reason yet, an older one is told; where no status can be written, it is tried again soon', async () => {
  const older = world((outcome) => (outcome.kind === 'waiting' && outcome.reason === 'QuotaExceeded' ? new ApiError(422, 'Invalid', 'Unsupported value: "QuotaExceeded"') : undefined));
  older.state.fails = quota;
  await older.pass();
  assert.deepEqual(older.told, ['Ready', 'Failed']);
  const forbidden = new ApiError(403, 'Forbidden', 'cannot patch resource "nodes/status" in API group "guildhall.dev"');
  assert.equal((await world(() => forbidden).pass()).kind, 'requeue');
});

test('an older definition of the kind stands beside what is found', async () => {
  const { told, pass } = world(undefined, { reason: 'Failed', message: 'it is older' });
  await pass();
  assert.deepEqual(told, ['Ready', 'it is older']);
});
