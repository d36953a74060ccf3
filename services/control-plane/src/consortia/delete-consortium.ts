import { annotations, consortiumNamespace, namespaceOwner } from '@guildhall/resources';
import type { Database } from '../database/database.ts';
import type { ClusterSteps } from '../operations/cluster-steps.ts';
import type { OperationKind, Step, StepOutcome } from '../operations/operation.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
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

const confirmed = (object: ClusterObject, deleteData: boolean): Record<string, string> => ({
  [annotations.confirmDeletion]: object.metadata.name,
  ...(deleteData ? { [annotations.deleteData]: 'true' } : {}),
});

async function removeGroup(steps: ClusterSteps, plan: Deletion, kinds: readonly string[]): Promise<StepOutcome> {
  const left = steps.view.ofConsortium(plan.consortium).filter((object) => kinds.includes(object.kind));
  await Promise.all(
    left
      .filter((object) => object.metadata.deletionTimestamp === undefined)
      .map(async (object) => {
        await steps.annotate(object, confirmed(object, plan.deleteData));
        await steps.remove(object);
      }),
  );
  if (left.length === 0) return { kind: 'done' };
  const example = left[0];
  return {
    kind: 'wait',
    reason: 'Deleting',
    message: `${left.length} left, ${example?.kind} ${example?.metadata.name} among them`,
    retryAfterMs: 1000,
  };
}

/** Namespaces hold volumes and keys; they go only when the data was asked to go. */
async function removeNamespaces(steps: ClusterSteps, db: Database, plan: Deletion): Promise<StepOutcome> {
  if (!plan.deleteData) {
    await setConsortiumState(db, plan.consortium, 'kept');
    return { kind: 'done', message: 'data volumes and keys stay in their namespaces, and hold the name' };
  }
  const names = (await steps.namespaces()).filter((name) => namespaceOwner(name)?.consortium === plan.consortium);
  if (names.length > 0) {
    await Promise.all(names.map((name) => steps.removeNamespace(name)));
    return { kind: 'wait', reason: 'Deleting', message: `${names.length} namespaces left`, retryAfterMs: 250 };
  }
  await setConsortiumState(db, plan.consortium, 'deleted');
  return { kind: 'done', message: `everything is gone, ${consortiumNamespace(plan.consortium)} too` };
}

export const deleteConsortiumKind = (steps: ClusterSteps, db: Database): OperationKind<DeleteConsortiumPlan> => ({
  kind: 'deleteConsortium',
  parse: (plan) => plan as DeleteConsortiumPlan,
  steps: (plan) => [
    ...groups.map((group) => ({ name: group.name, title: group.title, run: () => removeGroup(steps, plan, group.kinds) })),
    {
      name: 'namespaces',
      title: plan.deleteData ? 'Delete namespaces, volumes and keys' : 'Keep data volumes and keys',
      run: () => removeNamespaces(steps, db, plan),
    },
  ],
  // Deletion that has begun cannot be undone; stopping half-way would leave something that neither works nor is gone.
});

/** The whole deletion as one step, for undoing a creation. */
export function removeConsortium(steps: ClusterSteps, db: Database, plan: Deletion): Step {
  return {
    name: 'undo',
    title: 'Take back what was created',
    run: async () => {
      for (const group of groups) {
        const outcome = await removeGroup(steps, plan, group.kinds);
        if (outcome.kind !== 'done') return outcome;
      }
      return removeNamespaces(steps, db, plan);
    },
  };
}
