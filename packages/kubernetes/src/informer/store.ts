import { keyOf, type KubernetesObject } from '../types.ts';

export interface Change<T> {
  type: 'added' | 'updated' | 'deleted';
  object: T;
  /** What was known before, for `updated`. */
  old?: T;
  /** It was known before this process could have seen a change: found by the first list, or told to a handler that came late. */
  initial?: true;
  /** A deletion that was not seen but inferred from a list: `object` is the last state that was known. */
  finalStateUnknown?: true;
}

export type Indexes<T> = Record<string, (object: T) => string[]>;

/** What is known of one kind: a map with indexes. Each method that changes it says what changed. */
export interface Store<T extends KubernetesObject> {
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  byIndex(index: string, key: string): T[];
  /** The state of one object, in the order of the server. */
  put(object: T): Change<T>[];
  remove(object: T): Change<T>[];
  /** The state of all objects, from a list. */
  replace(objects: T[]): Change<T>[];
}

type Buckets<T> = Map<string, Map<string, T>>;

/**
 * Whether `one` is an older state than `other`. Versions of one kind are comparable as integers (KEP-5504); where a server's are not, nothing
 * counts as older.
 */
function isOlder(one: KubernetesObject, other: KubernetesObject): boolean {
  return Number(one.metadata.resourceVersion) < Number(other.metadata.resourceVersion);
}

const sameVersion = (one: KubernetesObject, other: KubernetesObject): boolean =>
  one.metadata.uid === other.metadata.uid && one.metadata.resourceVersion === other.metadata.resourceVersion;

function addTo<T>(buckets: Buckets<T>, bucket: string, key: string, object: T): void {
  let members = buckets.get(bucket);
  if (!members) buckets.set(bucket, (members = new Map()));
  members.set(key, object);
}

function dropFrom<T>(buckets: Buckets<T>, bucket: string, key: string): void {
  const members = buckets.get(bucket);
  members?.delete(key);
  if (members?.size === 0) buckets.delete(bucket);
}

/** @param onBadIndex told of an index function that throws; the object is then in no bucket of that index. */
export function createStore<T extends KubernetesObject>(
  indexes: Indexes<T>,
  onBadIndex: (index: string, object: T, error: unknown) => void,
): Store<T> {
  const objects = new Map<string, T>();
  const namespaces: Buckets<T> = new Map();
  const buckets = new Map<string, Buckets<T>>(Object.keys(indexes).map((name) => [name, new Map()]));
  /** Computed once per object: an index function must not be trusted to answer the same at removal. */
  const bucketsOfObject = new WeakMap<T, [index: Buckets<T>, bucket: string][]>();

  function bucketsFor(object: T): [Buckets<T>, string][] {
    const all: [Buckets<T>, string][] = [[namespaces, object.metadata.namespace ?? '']];
    for (const [name, index] of Object.entries(indexes)) {
      const ofIndex = buckets.get(name);
      if (!ofIndex) continue;
      try {
        for (const bucket of index(object)) all.push([ofIndex, bucket]);
      } catch (error) {
        onBadIndex(name, object, error);
      }
    }
    return all;
  }

  function set(key: string, object: T): void {
    unset(key);
    objects.set(key, object);
    const memberships = bucketsFor(object);
    bucketsOfObject.set(object, memberships);
    for (const [index, bucket] of memberships) addTo(index, bucket, key, object);
  }

  function unset(key: string): void {
    const object = objects.get(key);
    if (!object) return;
    objects.delete(key);
    for (const [index, bucket] of bucketsOfObject.get(object) ?? []) dropFrom(index, bucket, key);
  }

  function store(object: T): Change<T>[] {
    const key = keyOf(object.metadata);
    const old = objects.get(key);
    if (old && sameVersion(old, object)) return [];
    set(key, object);
    if (!old) return [{ type: 'added', object }];
    if (old.metadata.uid === object.metadata.uid) return [{ type: 'updated', object, old }];
    return [
      { type: 'deleted', object: old, finalStateUnknown: true },
      { type: 'added', object },
    ];
  }

  return {
    get: (namespace, name) => objects.get(keyOf(namespace === undefined ? { name } : { namespace, name })),
    list: (namespace) => [...(namespace === undefined ? objects : (namespaces.get(namespace) ?? [])).values()],
    byIndex(index, key) {
      const ofIndex = buckets.get(index);
      if (!ofIndex) throw new TypeError(`there is no index ${index}: name it when the informer is created`);
      return [...(ofIndex.get(key)?.values() ?? [])];
    },
    put(object) {
      const old = objects.get(keyOf(object.metadata));
      // After a list of several pages or a resumed watch, states come that are behind what is known.
      return old && isOlder(object, old) ? [] : store(object);
    },
    remove(object) {
      const key = keyOf(object.metadata);
      const old = objects.get(key);
      // The deletion of a predecessor, told late, must not take its successor away.
      if (!old || isOlder(object, old)) return [];
      unset(key);
      return [{ type: 'deleted', object }];
    },
    replace(listed) {
      const keys = new Set(listed.map((object) => keyOf(object.metadata)));
      const changes: Change<T>[] = [];
      for (const [key, object] of objects) {
        if (keys.has(key)) continue;
        unset(key);
        changes.push({ type: 'deleted', object, finalStateUnknown: true });
      }
      // A list is the truth even where its versions are lower: the server's store may have been restored from a backup.
      for (const object of listed) changes.push(...store(object));
      return changes;
    },
  };
}
