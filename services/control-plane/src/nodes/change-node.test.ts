import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@guildhall/resources';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { StepContext } from '../operations/operation.ts';
import { changeNodeKind, type ChangeNodePlan } from './change-node.ts';
import type { NodeChange } from './node-change.ts';

const spec: Node['spec'] = { member: 'core', role: 'peer', version: '3.1', resources: { memory: '1Gi' }, storage: { size: '10Gi' }, exposure: 'Local' };
const standing = (more: Partial<Node['spec']>, deletionTimestamp?: string): Node => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { namespace: 'gh-trial--core', name: 'peer0', ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }) }, spec: { ...spec, ...more },
});

/** @returns what a cancellation says and writes where the node stands so */
async function undone(change: NodeChange, node: Node | undefined): Promise<{ message: string | undefined; written: unknown[] }> {
  const written: unknown[] = [];
  const steps = { existing: () => Promise.resolve(node ? [node] : []), patchSpec: (_: Node, patch: object) => Promise.resolve(void written.push(patch)) } as unknown as ClusterSteps;
  const plan: ChangeNodePlan = {
    consortium: 'trial', member: 'core', name: 'peer0', node: { kind: 'Node', namespace: 'gh-trial--core', name: 'peer0' }, change, former: { resources: { memory: '1Gi' }, version: '3.1' },
    told: { resources: [], sentences: [], warnings: [], memoryMegabytes: 0 },
  };
  const outcome = await changeNodeKind(steps).cancel?.(plan).run({} as StepContext);
  assert.equal(outcome?.kind, 'done');
  return { message: outcome.message, written };
}

test('a cancellation gives back what was changed, and says of the size that it stays only if one was written', async () => {
  const stays = 'the size that was asked for stays: a volume cannot become smaller';
  const change = { memory: '2Gi', storage: '20Gi' };
  assert.deepEqual(await undone(change, standing({ resources: { memory: '2Gi' }, storage: { size: '20Gi' } })), { message: stays, written: [{ resources: { memory: '1Gi' } }] });
  assert.deepEqual(await undone(change, standing({})), { message: undefined, written: [] }, 'it was never written');
  assert.deepEqual(await undone({ memory: '2Gi' }, standing({ resources: { memory: '2Gi' } })), { message: undefined, written: [{ resources: { memory: '1Gi' } }] }, 'no size was asked for');
  assert.deepEqual(await undone({ cpu: '1' }, standing({ resources: { memory: '1Gi', cpu: '1' } })), { message: undefined, written: [{ resources: { cpu: null } }] });
});

test('a node that is gone or going is left alone', async () => {
  assert.deepEqual(await undone({ memory: '2Gi' }, undefined), { message: 'it is gone', written: [] });
  assert.deepEqual(await undone({ memory: '2Gi' }, standing({ resources: { memory: '2Gi' } }, '2026-01-01T00:00:00Z')), { message: 'it is being deleted', written: [] });
});
