import { annotations, type Condition } from '@guildhall/resources';
import type { DesiredObject } from '../consortia/consortium-resources.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import type { ClusterChange, ClusterObject } from '../projections/cluster-view.ts';
import { currentCondition, isReady } from '../projections/conditions.ts';
import type { StepContext, StepOutcome } from './operation.ts';

export const refOf = (object: DesiredObject): ObjectRef => ({
  kind: object.kind,
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
});

export const placeOf = (ref: ObjectRef): string => `${ref.kind} ${ref.namespace}/${ref.name}`;

/** A Stalled that lasts this long needs a person; a shorter one may be two watches that arrive in an unlucky order. */
const stalledForMs = 5000;

type Seen = { ref: ObjectRef; object: ClusterObject | undefined };

/**
 * The view may be behind what this operation wrote, and an older form of an object may well be Ready: only one that bears
 * the operation's mark, which came with the same write, counts.
 */
const isOurs = (object: ClusterObject | undefined, operationId: string): boolean => object?.metadata.annotations?.[annotations.operation] === operationId;

function whyNot({ object }: Seen, operationId: string): { reason: string; message: string } {
  if (object === undefined) return { reason: 'Progressing', message: 'it is not there' };
  if (!isOurs(object, operationId)) return { reason: 'Progressing', message: 'what was written is not seen yet' };
  const ready = currentCondition(object, 'Ready');
  return ready ? { reason: ready.reason, message: ready.message } : { reason: 'Progressing', message: 'its controller has not looked at it yet' };
}

export type ReadinessContext = Pick<StepContext, 'operationId' | 'startedAt' | 'now'>;

/** The condition that says that nothing will come of the object until somebody changes something. */
function stalledOf({ object }: Seen, operationId: string): Condition | undefined {
  const condition = isOurs(object, operationId) ? currentCondition(object, 'Stalled') : undefined;
  return condition?.status === 'True' ? condition : undefined;
}

/**
 * What it comes to that of these objects some are Ready and some are not.
 * @param others what the operation wrote besides: they need not be Ready yet, but one that is Stalled ends the waiting too
 */
export function judgeReadiness(
  what: string,
  all: readonly Seen[],
  { operationId, startedAt, now }: ReadinessContext,
  others: readonly Seen[] = [],
): { outcome: StepOutcome; notReady: ClusterObject[] } {
  const missing = all.filter(({ object }) => !isOurs(object, operationId) || !isReady(object));
  const stuck = [...missing, ...others].filter((seen) => stalledOf(seen, operationId));
  const notReady = [...new Set([...missing, ...stuck])].flatMap(({ object }) => (object && isOurs(object, operationId) ? [object] : []));
  const progress = `${all.length - missing.length} of ${all.length} ${what} ready`;
  const [example] = missing;
  if (!example) return { outcome: { kind: 'done', message: progress }, notReady };

  // Counted from the start of this attempt: what stalled before a retry gets the time to go on.
  const since = (condition: Condition): number => now.getTime() - Math.max(Date.parse(condition.lastTransitionTime), startedAt.getTime());
  for (const seen of stuck) {
    const stalled = stalledOf(seen, operationId);
    if (stalled === undefined || since(stalled) <= stalledForMs) continue;
    const problem = { code: 'CONFLICT', message: `${placeOf(seen.ref)}: ${stalled.message}`, nextAction: 'mend the cause that the message names, then retry the operation' };
    return { outcome: { kind: 'fail', reason: stalled.reason, problem }, notReady };
  }
  const shown = stuck[0] ?? example;
  const { reason, message } = whyNot(shown, operationId);
  return { outcome: { kind: 'wait', reason, message: `${progress}; ${placeOf(shown.ref)}: ${message}`, retryAfterMs: 5000 }, notReady };
}

/** Whether a change may end the waiting of a step; others change the words of it only. */
export function mayEndWaiting({ deleted, object, old }: ClusterChange): boolean {
  const standing = (of: ClusterObject | undefined): string =>
    JSON.stringify([isReady(of), currentCondition(of, 'Stalled')?.status === 'True', of !== undefined && of.metadata.deletionTimestamp !== undefined]);
  const mark = (of: ClusterObject): string | undefined => of.metadata.annotations?.[annotations.operation];
  return deleted || standing(old) !== standing(object) || (old !== undefined && mark(old) !== mark(object));
}

/** What waits for what, as its own conditions say while it is being deleted. */
export function whyLeft(object: ClusterObject): string {
  const ready = object.metadata.deletionTimestamp === undefined ? undefined : currentCondition(object, 'Ready');
  return ready?.status === 'False' ? `${placeOf(refOf(object))}: ${ready.message}` : placeOf(refOf(object));
}
