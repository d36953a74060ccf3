import type { Node } from '@guildhall/resources';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import { StepError } from '../operations/operation.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import type { NodeAddress } from './node-resources.ts';

/** The node as the cluster has it now, which others may have changed or removed since the operation was planned. */
export async function standingNode(steps: ClusterSteps, plan: NodeAddress & { node: ObjectRef }): Promise<Node> {
  const [node] = (await steps.existing([plan.node])) as Node[];
  if (node !== undefined && node.metadata.deletionTimestamp === undefined) return node;
  throw new StepError({ code: 'NOT_FOUND', message: `${plan.member} has no node ${plan.name} any more`, nextAction: 'look at the nodes of the member' });
}
