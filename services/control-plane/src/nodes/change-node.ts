import type { Node } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, StepContext, StepOutcome } from '../operations/operation.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import { changeOutcome } from './change-outcome.ts';
import { withChange, withoutChange, type NodeChange } from './node-change.ts';
import { nodeWith, type NodeAddress } from './node-resources.ts';
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
  const { spec } = await standingNode(steps, plan);
  await steps.applyObjects([nodeWith(plan, withChange(spec, plan.change))], context);
  return { kind: 'done' };
}

async function undo(steps: ClusterSteps, plan: ChangeNodePlan, context: StepContext): Promise<StepOutcome> {
  const [node] = (await steps.existing([plan.node])) as Node[];
  if (node === undefined) return { kind: 'done', message: 'it is gone' };
  await steps.applyObjects([nodeWith(plan, withoutChange(node.spec, plan.change, plan.former))], context);
  return { kind: 'done', ...(plan.change.storage === undefined ? {} : { message: 'the size that was asked for stays: a volume cannot become smaller' }) };
}

export const changeNodeKind = (steps: ClusterSteps): OperationKind<ChangeNodePlan> => ({
  kind: 'changeNode',
  parse: (plan) => plan as ChangeNodePlan,
  subject: ({ member, name }) => `node/${member}/${name}`,
  steps: (plan) => [
    { name: 'change', title: 'Write down what the node is to have', run: (context) => ask(steps, plan, context) },
    { name: 'node', title: 'Wait until it runs with it and is well', run: async (context) => changeOutcome(await steps.ready('nodes', [plan.node], context), context) },
  ],
  cancel: (plan) => ({ name: 'undo', title: 'Give the node back what it had', run: (context) => undo(steps, plan, context) }),
});
