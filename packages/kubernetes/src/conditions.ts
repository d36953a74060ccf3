import { timestamp } from './clock.ts';
import type { Condition, KubernetesObject } from './types.ts';

/** A condition as its author knows it: when it last changed is worked out here. */
export type NewCondition<C extends Condition = Condition> = Omit<C, 'lastTransitionTime'>;

/** Conditions have no order of their own; by type, the same set is always written the same way. */
const byType = (one: Condition, other: Condition): number => (one.type < other.type ? -1 : 1);

export const findCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: C['type']): C | undefined =>
  conditions?.find((condition) => condition.type === type);

/** The conditions with one set. `lastTransitionTime` stays while `status` does. `now`: milliseconds since the epoch. */
export function setCondition<C extends Condition>(conditions: readonly C[] | undefined, condition: NewCondition<C>, now: number): C[] {
  const before = findCondition(conditions, condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : timestamp(now);
  const others = (conditions ?? []).filter(({ type }) => type !== condition.type);
  return [...others, { ...condition, lastTransitionTime } as C].sort(byType);
}

export const removeCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: C['type']): C[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);

/** How an object stands, in the terms of kstatus (sigs.k8s.io/cli-utils/pkg/kstatus). */
export interface Standing<Reason extends string = string> {
  /** `stalled`: nothing will change without somebody acting. */
  kind: 'ready' | 'reconciling' | 'stalled';
  reason: Reason;
  message: string;
}

/**
 * Ready is always there; Reconciling and Stalled are there only while they are true. Other conditions are left alone.
 * @param generation the generation of the spec that this was found for.
 */
export function setStanding<C extends Condition>(
  conditions: readonly C[] | undefined,
  { kind, reason, message }: Standing<C['reason']>,
  { generation, now }: { generation: number | undefined; now: number },
): C[] {
  const condition = (type: string, status: C['status']): NewCondition<C> =>
    ({ type, status, reason, message, ...(generation === undefined ? {} : { observedGeneration: generation }) }) as NewCondition<C>;
  let next = setCondition(conditions, condition('Ready', kind === 'ready' ? 'True' : 'False'), now);
  for (const [type, holds] of [['Reconciling', kind === 'reconciling'], ['Stalled', kind === 'stalled']] as const) {
    next = holds ? setCondition(next, condition(type, 'True'), now) : removeCondition(next, type);
  }
  return next;
}

/** Whether a condition is true of the present spec. Without observedGeneration, as some built-in kinds leave it, the status alone counts. */
export function isTrue(object: (KubernetesObject & { status?: { conditions?: Condition[] } }) | undefined, type: string): boolean {
  const condition = findCondition(object?.status?.conditions, type);
  if (condition?.status !== 'True') return false;
  return condition.observedGeneration === undefined || condition.observedGeneration === (object?.metadata.generation ?? 0);
}

export const isReady = (object: Parameters<typeof isTrue>[0]): boolean => object?.metadata.deletionTimestamp === undefined && isTrue(object, 'Ready');
