import { annotations, type Condition } from '@guildhall/resources';
import type { DesiredObject } from '../consortia/consortium-resources.ts';
import type { ObjectRef } from '../projections/cluster-reader.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
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

/** What it comes to that of these objects some are Ready and some are not. */
export function judgeReadiness(
  what: string,
  all: readonly Seen[],
  { operationId, startedAt, now }: ReadinessContext,
): { outcome: StepOutcome; notReady: ClusterObject[] } {
  const missing = all.filter(({ object }) => !isOurs(object, operationId) || !isReady(object));
  const notReady = missing.flatMap(({ object }) => (object && isOurs(object, operationId) ? [object] : []));
  const progress = `${all.length - missing.length} of ${all.length} ${what} ready`;
  const [example] = missing;
  if (!example) return { outcome: { kind: 'done', message: progress }, notReady };

  // Counted from the start of this attempt: what stalled before a retry gets the time to go on.
  const since = (condition: Condition): number => now.getTime() - Math.max(Date.parse(condition.lastTransitionTime), startedAt.getTime());
  for (const { ref, object } of missing) {
    const stalled = isOurs(object, operationId) ? currentCondition(object, 'Stalled') : undefined;
    if (stalled?.status !== 'True' || since(stalled) <= stalledForMs) continue;
    const problem = { code: 'CONFLICT', message: `${placeOf(ref)}: ${stalled.message}`, nextAction: 'mend the cause that the message names, then retry the operation' };
    return { outcome: { kind: 'fail', reason: stalled.reason, problem }, notReady };
  }
  const { reason, message } = whyNot(example, operationId);
  return { outcome: { kind: 'wait', reason, message: `${progress}; ${placeOf(example.ref)}: ${message}`, retryAfterMs: 5000 }, notReady };
}
