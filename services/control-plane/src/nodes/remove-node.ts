import type { Node } from '@guildhall/resources';
import type { Plan } from '../consortia/plan.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, StepContext, StepOutcome } from '../operations/operation.ts';
import { whyLeft } from '../operations/readiness.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import { consentWith, consentWithout, isConsent, type NodeAddress } from './node-resources.ts';

export interface RemoveNodePlan extends NodeAddress {
  /** What the caller was told. */
  told: Plan;
  node: ObjectRef;
  /** What its volume is, for when it comes back with it. */
  storage: Node['spec']['storage'];
  /** The consents that name it. */
  consents: ObjectRef[];
  deleteData: boolean;
}

/** A node goes only when nothing counts on it any more. */
async function withdraw(steps: ClusterSteps, plan: RemoveNodePlan, context: StepContext): Promise<StepOutcome> {
  const { consortium, member, name } = plan;
  const consents = (await steps.existing(plan.consents)).filter(isConsent);
  await steps.applyObjects(consents.map((consent) => consentWithout(consent, { consortium, member, name })), context);
  return { kind: 'done', message: `${consents.length} consents` };
}

async function remove(steps: ClusterSteps, plan: RemoveNodePlan, context: StepContext): Promise<StepOutcome> {
  const [node] = await steps.existing([plan.node]);
  if (node === undefined) {
    await steps.unproject(plan.node);
    return { kind: 'done', message: plan.deleteData ? 'its volume and keys are gone too' : 'its volume and keys stay' };
  }
  if (node.metadata.deletionTimestamp === undefined) await steps.remove([node], plan.deleteData, context);
  return { kind: 'wait', reason: 'Deleting', message: whyLeft(node), retryAfterMs: 500 };
}

/** Until the node itself is being deleted, its member's consents are all that has changed. */
async function undo(steps: ClusterSteps, plan: RemoveNodePlan, context: StepContext): Promise<StepOutcome> {
  const { consortium, member, name } = plan;
  const [node] = await steps.existing([plan.node]);
  if (node === undefined || node.metadata.deletionTimestamp !== undefined) {
    const problem = { code: 'CONFLICT', message: `${member}/${name} ${node === undefined ? 'is gone' : 'is being deleted'} already`, nextAction: plan.deleteData ? 'add another node' : 'add it again under its name: it comes back with its data' };
    return { kind: 'fail', reason: 'CONFLICT', problem };
  }
  const consents = (await steps.existing(plan.consents)).filter(isConsent);
  await steps.applyObjects(consents.map((consent) => consentWith(consent, { consortium, member, name })), context);
  return { kind: 'done', message: 'it is in its channels and contracts again' };
}

export const removeNodeKind = (steps: ClusterSteps): OperationKind<RemoveNodePlan> => ({
  kind: 'removeNode',
  parse: (plan) => plan as RemoveNodePlan,
  steps: (plan) => [
    { name: 'consents', title: 'Take it out of channels and contracts', run: (context) => withdraw(steps, plan, context) },
    { name: 'node', title: plan.deleteData ? 'Stop it and delete its data' : 'Stop it', run: (context) => remove(steps, plan, context) },
    ...(plan.consents.length === 0
      ? []
      : [{ name: 'rest', title: 'See that channels and contracts go on without it', run: (context: StepContext) => steps.ready('channels and contracts', plan.consents, context) }]),
  ],
  cancel: (plan) => ({ name: 'undo', title: 'Put it back', run: (context) => undo(steps, plan, context) }),
});
