import type { Channel, Condition } from '@guildhall/resources';
import { conditionTypes, holds, labelsOfChannel, labelsOfObject, type CounterName, type Sample } from './gauges.ts';
import type { Kind, World } from './world.ts';

type WorldObject = World[Kind][number];

/** Counts what a state alone does not tell. Everything counts from zero on, as soon as it is seen. */
export interface History {
  saw(kind: Kind, object: WorldObject): void;
  /** It is gone, and its series go with it. */
  forget(object: WorldObject): void;
  samples(counter: CounterName): Sample[];
}

interface Past {
  conditions: readonly Condition[] | undefined;
  /** The last that is known: between two leaders there is none for a while. */
  leader: string | undefined;
  counts: { counter: CounterName; labels: Sample['labels']; value: number }[];
}

export function createHistory(): History {
  const pasts = new Map<string, Past>();
  return {
    saw(kind, object) {
      const { uid = '' } = object.metadata;
      const past = pasts.get(uid);
      const leader = kind === 'channels' ? (object as Channel).status?.leader : undefined;
      const conditions = object.status?.conditions;
      const happened = [
        ...(kind === 'channels' ? [leader !== undefined && past?.leader !== undefined && leader !== past.leader] : []),
        ...conditionTypes.map((type) => past !== undefined && holds(past.conditions, type) !== holds(conditions, type)),
      ];
      const counts = past?.counts ?? begin(kind, object);
      pasts.set(uid, {
        conditions,
        leader: leader ?? past?.leader,
        counts: counts.map((count, index) => (happened[index] === true ? { ...count, value: count.value + 1 } : count)),
      });
    },
    forget: ({ metadata: { uid = '' } }) => void pasts.delete(uid),
    samples: (counter) => [...pasts.values()].flatMap(({ counts }) => counts.filter((count) => count.counter === counter)),
  };
}

/** In the order in which `saw` looks. */
const begin = (kind: Kind, object: WorldObject): Past['counts'] => [
  ...(kind === 'channels' ? [{ counter: 'guildhall_channel_leader_changes_total' as const, labels: labelsOfChannel(object as Channel), value: 0 }] : []),
  ...conditionTypes.map((type) => ({ counter: 'guildhall_condition_transitions_total' as const, labels: { ...labelsOfObject(kind, object), type }, value: 0 })),
];
