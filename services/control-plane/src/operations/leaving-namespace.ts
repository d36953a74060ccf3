import type { Namespace } from '@guildhall/kubernetes';
import type { StepOutcome } from './operation.ts';

/** Which of them something still holds, by the cluster's own words (pkg: controller/namespace/deletion). */
const remains = 'NamespaceFinalizersRemaining';

/** What is waited for before anything can be made in these namespaces; undefined when none of them is going. */
export function waitForLeaving(there: readonly (Namespace | undefined)[]): StepOutcome | undefined {
  const leaving = there.find((each) => each?.metadata.deletionTimestamp !== undefined);
  if (leaving === undefined) return undefined;
  const said = leaving.status?.conditions?.find(({ type, status }) => type === remains && status === 'True')?.message;
  const message = [
    `Namespace ${leaving.metadata.name} is being deleted, and is made anew when it has gone. See to what is left in it, or cancel the operation.`,
    ...(said === undefined ? [] : [`The cluster says: ${JSON.stringify(said)}.`]),
  ].join(' ');
  return { kind: 'wait', reason: 'NamespaceTerminating', message, retryAfterMs: 2_000 };
}
