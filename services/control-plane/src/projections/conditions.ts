import type { Condition } from '@guildhall/resources';
import type { ClusterObject } from './cluster-view.ts';

export const conditionsOf = (object: ClusterObject | undefined): Condition[] =>
  ((object?.status ?? {}) as { conditions?: Condition[] }).conditions ?? [];

/** The condition, if it speaks of what the spec says now. */
export const currentCondition = (object: ClusterObject | undefined, type: string): Condition | undefined =>
  conditionsOf(object).find((condition) => condition.type === type && (condition.observedGeneration ?? 0) >= (object?.metadata.generation ?? 0));

/** Ready for what the spec says now. */
export const isReady = (object: ClusterObject | undefined): boolean => currentCondition(object, 'Ready')?.status === 'True';
