import type { Namespace } from '@guildhall/kubernetes';
import type { StepOutcome } from './operation.ts';

/** Which of them something still holds, by the cluster's own words (pkg: controller/namespace/deletion). */
const remains = 'NamespaceFinalizersRemaining';

const heldBy = ({ status }: Namespace): string | undefined => status?.conditions?.find(({ type, status: holds }) => type === remains && holds === 'True')?.message;
const inItsWords = (leaving: Namespace): string[] => {
  const said = heldBy(leaving);
  return said === undefined ? [] : [`The cluster says: ${JSON.stringify(said)}.`];
};

/**
 * What is waited for before anything can be made in these namespaces; undefined when none of them is going. To cancel is no way out: what was begun is taken
 * back when all its namespaces have gone.
 */
export function waitForLeaving(there: readonly (Namespace | undefined)[]): StepOutcome | undefined {
  const leaving = there.find((each) => each?.metadata.deletionTimestamp !== undefined);
  if (leaving === undefined) return undefined;
  const message = [`Namespace ${leaving.metadata.name} is being deleted, and is made anew when it has gone. See to what is left in it.`, ...inItsWords(leaving)].join(' ');
  return { kind: 'wait', reason: 'NamespaceTerminating', message, retryAfterMs: 2_000 };
}

/** The same of namespaces that are to go; undefined when they have. One that something holds is named before others, which may only take their time. */
export function waitForGone(left: readonly Namespace[]): StepOutcome | undefined {
  const leaving = left.find((each) => heldBy(each) !== undefined) ?? left[0];
  if (leaving === undefined) return undefined;
  const message = [`Namespace ${leaving.metadata.name} is being deleted. See to what is left in it, if that lasts.`, ...inItsWords(leaving), `Namespaces left: ${left.length}.`].join(' ');
  // Namespaces are not watched.
  return { kind: 'wait', reason: 'Deleting', message, retryAfterMs: 250 };
}
