import type { Plan } from '../consortia/plan.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, StepContext, StepOutcome } from '../operations/operation.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import type { NodeAddress } from './node-resources.ts';
import { restartObstacles } from './restarting.ts';
import { standingNode } from './standing-node.ts';

export interface RestartNodePlan extends NodeAddress {
  /** What the caller was told. */
  told: Plan;
  node: ObjectRef;
  /** Written into the node's spec: the same instant asks for nothing twice. */
  at: string;
}

async function ask(steps: ClusterSteps, plan: RestartNodePlan, context: StepContext): Promise<StepOutcome> {
  const node = await standingNode(steps, plan);
  const [obstacle] = node.spec.restartedAt === plan.at ? [] : restartObstacles(await steps.leftOf(plan.consortium, ['Channel', 'Node']), plan.member, plan.name);
  if (obstacle !== undefined) return { kind: 'wait', reason: 'WaitingForNode', message: obstacle.why, retryAfterMs: 1000 };
  await steps.patchSpec(node, { restartedAt: plan.at }, context);
  return { kind: 'done' };
}

export const restartNodeKind = (steps: ClusterSteps): OperationKind<RestartNodePlan> => ({
  kind: 'restartNode',
  parse: (plan) => plan as RestartNodePlan,
  subject: ({ member, name }) => `node/${member}/${name}`,
  steps: (plan) => [
    { name: 'restart', title: 'Ask for another process', run: (context) => ask(steps, plan, context) },
    { name: 'node', title: 'Wait until it runs and is well', run: (context) => steps.ready('nodes', [plan.node], context) },
  ],
  cancel: () => ({
    name: 'undo',
    title: 'Wait no longer',
    run: () => Promise.resolve({ kind: 'done', message: 'what was asked for already stands: a process that has ended is not brought back by taking the wish back' }),
  }),
});
