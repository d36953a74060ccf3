import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredObject } from '../consortia/consortium-resources.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { StepContext, StepOutcome } from '../operations/operation.ts';
import { removeNodeKind, type RemoveNodePlan } from './remove-node.ts';

const namespace = 'gh-trial--core';
const plan: RemoveNodePlan = {
  told: { resources: [], sentences: [], warnings: [], memoryMegabytes: 0 },
  consortium: 'trial',
  member: 'core',
  name: 'peer1',
  node: { kind: 'Node', namespace, name: 'peer1' },
  consents: [{ kind: 'ChannelMembership', namespace, name: 'trade' }],
  storage: { size: '10Gi' }, deleteData: false,
};
const membership = (peers: string[]): DesiredObject => ({
  apiVersion: 'guildhall.dev/v1alpha1',
  kind: 'ChannelMembership',
  metadata: { namespace, name: 'trade' },
  spec: { channel: { namespace: 'gh-trial', name: 'trade' }, channelDigest: `sha256:${'ab'.repeat(32)}`, peers, orderers: ['orderer0'], anchorPeers: ['peer0'] },
});

/** What the cluster has. */
async function cancel(node: { deletionTimestamp?: string } | undefined): Promise<{ outcome: StepOutcome | undefined; peers: string[] }> {
  const there: DesiredObject[] = [membership(['peer0']), ...(node === undefined ? [] : [{ apiVersion: '', kind: 'Node', metadata: { namespace, name: 'peer1', ...node }, spec: {} }])];
  const applied: DesiredObject[] = [];
  const steps = {
    existing: (refs: readonly { kind: string }[]) => Promise.resolve(there.filter(({ kind }) => refs.some((ref) => ref.kind === kind))),
    applyObjects: (objects: readonly DesiredObject[]) => Promise.resolve(void applied.push(...objects)),
  } as unknown as ClusterSteps;
  const outcome = await removeNodeKind(steps).cancel?.(plan).run({} as StepContext);
  return { outcome, peers: applied.flatMap(({ spec }) => (spec as { peers: string[] }).peers) };
}

test('a removal is taken back as long as the node stands: its member consents with it again, and what else was agreed stays', async () => {
  const { outcome, peers } = await cancel({});
  assert.deepEqual([outcome?.kind, peers], ['done', ['peer0', 'peer1']]);
});

test('a node that is being deleted, or gone, is not brought back, and that is said', async () => {
  for (const node of [{ deletionTimestamp: '2026-01-01T00:00:00Z' }, undefined]) {
    const { outcome, peers } = await cancel(node);
    assert.deepEqual([outcome?.kind, peers], ['fail', []]);
    assert.match(outcome?.kind === 'fail' ? outcome.problem.nextAction : '', /add it again under its name/);
  }
});
