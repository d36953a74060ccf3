import type { Node } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, StepContext, StepOutcome } from '../operations/operation.ts';
import { refOf, whyLeft } from '../operations/readiness.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import { lacks } from './catching-up.ts';
import { consentWith, consentWithout, isConsent, type NodeAddress } from './node-resources.ts';

export interface AddNodePlan extends NodeAddress {
  /** What the caller was told. */
  told: Plan;
  node: Node;
  channels: string[];
  memberships: ObjectRef[];
  installations: ObjectRef[];
}

const addressOf = ({ consortium, member, name }: AddNodePlan): NodeAddress => ({ consortium, member, name });

/** The consents are read when they are changed: what else was agreed since the operation was planned stays. */
async function write(steps: ClusterSteps, plan: AddNodePlan, context: StepContext): Promise<StepOutcome> {
  const consents = (await steps.existing([...plan.memberships, ...plan.installations])).filter(isConsent);
  const objects = [plan.node, ...consents.map((consent) => consentWith(consent, addressOf(plan)))];
  await steps.applyObjects(objects, context);
  return { kind: 'done', message: `${objects.length} resources` };
}

/** A peer has joined long before it has all blocks. */
async function caughtUp(steps: ClusterSteps, plan: AddNodePlan, { now, startedAt }: StepContext): Promise<StepOutcome> {
  const { namespace } = refOf(plan.node);
  const node = (await steps.leftOf(plan.consortium, ['Node'])).find(({ metadata }) => metadata.namespace === namespace && metadata.name === plan.name) as Node | undefined;
  const message = lacks(node, plan.channels, now.getTime() - startedAt.getTime());
  if (message === undefined) return { kind: 'done', message: node?.status?.channels?.map(({ name, height }) => `${name}: block ${height}`).join(', ') ?? '' };
  // A height that changes is not worth a look at each block.
  return { kind: 'wait', reason: 'BehindOthers', message, retryAfterMs: 500, isOver: () => false };
}

async function joined(steps: ClusterSteps, plan: AddNodePlan, context: StepContext): Promise<StepOutcome> {
  const memberships = await steps.ready('joined channels', plan.memberships, context, plan.installations);
  return memberships.kind === 'done' ? caughtUp(steps, plan, context) : memberships;
}

/** What it has copied and its keys stay: they may be of a peer that had the name before. */
async function undo(steps: ClusterSteps, plan: AddNodePlan, context: StepContext): Promise<StepOutcome> {
  const found = await steps.existing([...plan.memberships, ...plan.installations, refOf(plan.node)]);
  const consents = found.filter(isConsent).filter(({ spec }) => spec.peers.includes(plan.name));
  await steps.applyObjects(consents.map((consent) => consentWithout(consent, addressOf(plan))), context);
  const node = found.find(({ kind }) => kind === 'Node');
  if (node === undefined) return { kind: 'done', message: 'it is gone; its volume and keys stay, for a peer that is added under its name' };
  if (node.metadata.deletionTimestamp === undefined) await steps.remove([node], false, context);
  return { kind: 'wait', reason: 'Deleting', message: whyLeft(node), retryAfterMs: 500 };
}

export const addNodeKind = (steps: ClusterSteps): OperationKind<AddNodePlan> => ({
  kind: 'addNode',
  parse: (plan) => plan as AddNodePlan,
  // It changes the member's consents to channels and contracts, which earlier operations on them would write again as they were.
  steps: (plan) => [
    { name: 'resources', title: 'Write down the peer and what its member consents to', run: (context) => write(steps, plan, context) },
    { name: 'node', title: 'Start the peer', run: (context) => steps.ready('nodes', [refOf(plan.node)], context, [...plan.memberships, ...plan.installations]) },
    ...(plan.memberships.length === 0 ? [] : [{ name: 'channels', title: 'Join the channels and catch up', run: (context: StepContext) => joined(steps, plan, context) }]),
    ...(plan.installations.length === 0
      ? []
      : [{ name: 'contracts', title: 'Install the contracts on it', run: (context: StepContext) => steps.ready('installations', plan.installations, context) }]),
  ],
  cancel: (plan) => ({ name: 'undo', title: 'Take the peer away again', run: (context) => undo(steps, plan, context) }),
});
