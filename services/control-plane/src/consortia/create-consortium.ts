import type { Database } from '../database/database.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import { refOf } from '../operations/readiness.ts';
import type { OperationKind, Step } from '../operations/operation.ts';
import type { Desired, DesiredObject } from './consortium-resources.ts';
import type { Plan } from './plan.ts';
import { removeConsortium } from './delete-consortium.ts';

export interface CreateConsortiumPlan {
  /** What the caller was told. */
  told: Plan;
  consortium: string;
  desired: Desired;
}

/** A step that waits for some of the plan's objects; none of them, no step. What is Stalled of the others is told at once, not when its step comes. */
function waitStep(steps: ClusterSteps, plan: CreateConsortiumPlan, name: string, title: string, ...kinds: string[]): Step[] {
  const isAwaited = (object: DesiredObject): boolean => kinds.includes(object.kind);
  const awaited = plan.desired.objects.filter(isAwaited).map(refOf);
  const others = plan.desired.objects.filter((object) => !isAwaited(object)).map(refOf);
  if (awaited.length === 0) return [];
  return [{ name, title, run: (context) => steps.ready(name, awaited, context, others) }];
}

export const createConsortiumKind = (steps: ClusterSteps, db: Database): OperationKind<CreateConsortiumPlan> => ({
  kind: 'createConsortium',
  parse: (plan) => plan as CreateConsortiumPlan,
  steps: (plan) => [
    {
      name: 'resources',
      title: 'Write down what was agreed and what each member consented to',
      run: async (context) => {
        const wait = await steps.applyNamespaces(plan.desired.namespaces, context);
        if (wait !== undefined) return wait;
        await steps.applyObjects(plan.desired.objects, context);
        return { kind: 'done', message: `${plan.desired.objects.length} resources in ${plan.desired.namespaces.length} namespaces` };
      },
    },
    ...waitStep(steps, plan, 'members', "Set up the members' certificate authorities", 'Member'),
    ...waitStep(steps, plan, 'nodes', 'Start peers and orderers', 'Node'),
    ...waitStep(steps, plan, 'channels', 'Form the channels and let the nodes join', 'Channel', 'ChannelMembership'),
    ...waitStep(steps, plan, 'contracts', 'Install, approve and commit the contracts', 'Contract', 'ContractInstallation'),
    ...waitStep(steps, plan, 'consortium', 'Look at the whole', 'Consortium'),
  ],
  cancel: (plan) => removeConsortium(steps, db, { consortium: plan.consortium, deleteData: true }),
});
