import { done, requeue, timestamp, type Result } from '@guildhall/kubernetes';
import type { Condition, ConditionType, Reason } from '@guildhall/resources';

export interface Problem {
  reason: Reason;
  /** Names the cause and what to do next. */
  message: string;
}

/**
 * What a pass over one object came to. `waiting` goes on by itself: when something watched changes, or after `afterMs` where only
 * asking again tells. `stalled` rests until a person changes something; with `afterMs`, it is looked at again where no watch shows that. `degraded` is told beside either.
 */
export type Outcome =
  | { kind: 'ready'; message: string; degraded?: Problem; afterMs?: number }
  | ({ kind: 'waiting'; afterMs?: number; degraded?: Problem } & Problem)
  | ({ kind: 'stalled'; afterMs?: number } & Problem);

export const ready = (message: string, degraded?: Problem): Extract<Outcome, { kind: 'ready' }> => ({ kind: 'ready', message, ...(degraded ? { degraded } : {}) });
export const waiting = (reason: Reason, message: string, afterMs?: number): Extract<Outcome, { kind: 'waiting' }> => ({
  kind: 'waiting',
  reason,
  message,
  ...(afterMs === undefined ? {} : { afterMs }),
});
export const stalled = (reason: Reason, message: string): Extract<Outcome, { kind: 'stalled' }> => ({ kind: 'stalled', reason, message });

type Stated = Pick<Condition, 'status' | 'reason' | 'message'>;

const order: readonly ConditionType[] = ['Degraded', 'Ready', 'Reconciling', 'Stalled'];

function stated(outcome: Outcome): Partial<Record<ConditionType, Stated>> {
  const degraded = outcome.kind !== 'stalled' && outcome.degraded ? { Degraded: { status: 'True' as const, ...outcome.degraded } } : {};
  if (outcome.kind === 'ready') return { Ready: { status: 'True', reason: 'Ready', message: outcome.message }, ...degraded };
  const { reason, message } = outcome;
  return {
    Ready: { status: 'False', reason, message },
    [outcome.kind === 'stalled' ? 'Stalled' : 'Reconciling']: { status: 'True', reason, message },
    ...degraded,
  };
}

const maximumMessage = 2048;

/** kstatus: Ready always; Reconciling, Stalled and Degraded only while they are true. A time changes only with its status. */
export function conditionsOf(outcome: Outcome, previous: readonly Condition[] | undefined, { generation, now }: { generation: number | undefined; now: number }): Condition[] {
  const next = stated(outcome);
  return order.flatMap((type) => {
    const condition = next[type];
    if (condition === undefined) return [];
    const before = previous?.find((candidate) => candidate.type === type);
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : timestamp(now);
    return [{ type, ...condition, message: condition.message.slice(0, maximumMessage), observedGeneration: generation, lastTransitionTime }];
  });
}

/** Ready, and for the spec as it is now. */
export const isReady = (object: { metadata: { generation?: number }; status?: { conditions?: Condition[] | undefined } | undefined }): boolean =>
  object.status?.conditions?.some(({ type, status, observedGeneration }) => type === 'Ready' && status === 'True' && observedGeneration === object.metadata.generation) ?? false;

/** Waits without a time rely on a watch; should that ever miss something, this finds it. */
const unseenAfterMs = 30_000;

export function resultOf(outcome: Outcome): Result {
  if (outcome.kind === 'waiting') return requeue(outcome.afterMs ?? unseenAfterMs, outcome.reason);
  if (outcome.afterMs === undefined) return done;
  return requeue(outcome.afterMs, outcome.kind === 'ready' ? 'Ready' : outcome.reason);
}

/** Why nothing will come of an object until a person changes something; undefined when that is not so. */
export const stallOf = (object: { status?: { conditions?: Condition[] | undefined } | undefined }): string | undefined =>
  object.status?.conditions?.find(({ type, status }) => type === 'Stalled' && status === 'True')?.message;

/** Why an object is not ready, as its own Ready condition says. */
export const whyNotReady = (object: { status?: { conditions?: Condition[] | undefined } | undefined }): string =>
  object.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? 'nobody has looked at it yet';
