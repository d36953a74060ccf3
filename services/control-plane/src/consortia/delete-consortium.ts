import type { Database } from '../database/database.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import { waitForGone } from '../operations/leaving-namespace.ts';
import type { OperationKind, Step, StepContext, StepOutcome } from '../operations/operation.ts';
import { whyLeft } from '../operations/readiness.ts';
import type { Plan } from './plan.ts';
import { setConsortiumState } from './consortium-repository.ts';

export interface Deletion {
  consortium: string;
  deleteData: boolean;
}

export interface DeleteConsortiumPlan extends Deletion {
  /** What the caller was told. */
  told: Plan;
}

/** What goes together; each group when the one before is gone, so that nothing loses what it needs to end well. */
const groups: { name: string; title: string; kinds: string[] }[] = [
  { name: 'contracts', title: 'End the contracts', kinds: ['ContractInstallation', 'Contract'] },
  { name: 'channels', title: 'Leave the channels', kinds: ['ChannelMembership', 'Channel'] },
  { name: 'nodes', title: 'Stop peers and orderers', kinds: ['Node'] },
  { name: 'members', title: 'Remove the members and the consortium', kinds: ['Member', 'Consortium'] },
];

async function removeGroup(steps: ClusterSteps, plan: Deletion, kinds: readonly string[], context: StepContext): Promise<StepOutcome> {
  const left = await steps.leftOf(plan.consortium, kinds);
  await steps.remove(left.filter((object) => object.metadata.deletionTimestamp === undefined), plan.deleteData, context);
  const [example] = left;
  if (!example) return { kind: 'done' };
  return { kind: 'wait', reason: 'Deleting', message: `${left.length} left; ${whyLeft(example)}`, retryAfterMs: 1000 };
}

/** Namespaces hold volumes and keys; they go only when the data was asked to go. */
async function removeNamespaces(steps: ClusterSteps, db: Database, plan: Deletion, context: StepContext): Promise<StepOutcome> {
  if (!plan.deleteData) {
    await setConsortiumState(db, plan.consortium, 'kept');
    return { kind: 'done', message: 'data volumes and keys stay in their namespaces, and hold the name' };
  }
  const there = await steps.namespacesOf(plan.consortium);
  await steps.removeNamespaces(there.map(({ metadata }) => metadata.name), context);
  const wait = there.length === 0 ? undefined : waitForGone(await steps.namespacesOf(plan.consortium));
  if (wait !== undefined) return wait;
  await setConsortiumState(db, plan.consortium, 'deleted');
  return { kind: 'done', message: 'everything that Guildhall made for it is gone' };
}

export const deleteConsortiumKind = (steps: ClusterSteps, db: Database): OperationKind<DeleteConsortiumPlan> => ({
  kind: 'deleteConsortium',
  parse: (plan) => plan as DeleteConsortiumPlan,
  steps: (plan) => [
    ...groups.map((group) => ({ name: group.name, title: group.title, run: (context: StepContext) => removeGroup(steps, plan, group.kinds, context) })),
    {
      name: 'namespaces',
      title: plan.deleteData ? 'Delete namespaces, volumes and keys' : 'Keep data volumes and keys',
      run: (context) => removeNamespaces(steps, db, plan, context),
    },
  ],
  // Deletion that has begun cannot be undone; stopping half-way would leave something that neither works nor is gone.
});

/** The whole deletion as one step, for undoing a creation. */
export function removeConsortium(steps: ClusterSteps, db: Database, plan: Deletion): Step {
  return {
    name: 'undo',
    title: 'Take back what was created',
    run: async (context) => {
      for (const group of groups) {
        const outcome = await removeGroup(steps, plan, group.kinds, context);
        if (outcome.kind !== 'done') return outcome;
      }
      return removeNamespaces(steps, db, plan, context);
    },
  };
}
