import type { Node } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import { mergePatchOf } from '../operations/merge-patch.ts';
import type { OperationKind, StepContext, StepOutcome } from '../operations/operation.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import { changeOutcome, grown } from './change-outcome.ts';
import { isSo, withChange, withoutChange, type NodeChange } from './node-change.ts';
import type { NodeAddress } from './node-resources.ts';
import { standingNode } from './standing-node.ts';

export interface ChangeNodePlan extends NodeAddress {
  /** What the caller was told. */
  told: Plan;
  node: ObjectRef;
  change: NodeChange;
  /** What a cancellation gives back. */
  former: Pick<Node['spec'], 'resources' | 'version'>;
}

async function ask(steps: ClusterSteps, plan: ChangeNodePlan, context: StepContext): Promise<StepOutcome> {
  const node = await standingNode(steps, plan);
  await steps.patchSpec(node, mergePatchOf(node.spec, withChange(node.spec, plan.change)), context);
  return { kind: 'done' };
}

async function settled(steps: ClusterSteps, plan: ChangeNodePlan, context: StepContext): Promise<StepOutcome> {
  const ready = await steps.ready('nodes', [plan.node], context);
  const [node] = ready.kind === 'done' && plan.change.storage !== undefined ? await steps.existing([plan.node]) : [];
  return changeOutcome(node === undefined ? ready : grown(ready, node), plan.change, context);
}

async function undo(steps: ClusterSteps, plan: ChangeNodePlan, context: StepContext): Promise<StepOutcome> {
  const [node] = (await steps.existing([plan.node])) as Node[];
  if (node === undefined) return { kind: 'done', message: 'it is gone' };
  if (node.metadata.deletionTimestamp !== undefined) return { kind: 'done', message: 'it is being deleted' };
  const { change, former } = plan;
  const patch = mergePatchOf(node.spec, withoutChange(node.spec, change, former));
  if (Object.keys(patch).length > 0) await steps.patchSpec(node, patch, context);
  return { kind: 'done', ...(isSo('storage', change.storage, node.spec) ? { message: 'the size that was asked for stays: a volume cannot become smaller' } : {}) };
}

export const changeNodeKind = (steps: ClusterSteps): OperationKind<ChangeNodePlan> => ({
  kind: 'changeNode',
  parse: (plan) => plan as ChangeNodePlan,
  subject: ({ member, name }) => `node/${member}/${name}`,
  steps: (plan) => [
    { name: 'change', title: 'Write down what the node is to have', run: (context) => ask(steps, plan, context) },
    { name: 'node', title: 'Wait until it runs with it and is well', run: (context) => settled(steps, plan, context) },
  ],
  cancel: (plan) => ({ name: 'undo', title: 'Give the node back what it had', run: (context) => undo(steps, plan, context) }),
});
