import type { Change, StoredObject, StoreEvent } from './store.ts';
import { objectOr, textOr } from '../json.ts';

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;

/** The objects of one resource as they can be read, and what happened to them lately. */
export interface Table {
  get(namespace: string, name: string): StoredObject | undefined;
  list(namespace?: string): StoredObject[];
  listAt(revision: number, namespace?: string): StoredObject[] | undefined;
  eventsSince(revision: number): StoreEvent[] | undefined;
  restore(namespace: string, name: string, object: StoredObject): void;
  apply(change: Change): void;
  compact(revision: number): void;
  subscribe(listener: () => void): () => void;
  notify(): void;
}

/** `oldest`: history starts after this revision. `limit`: how many events are remembered. */
export function createTable(oldest: number, limit: number): Table {
  const objects = new Map<string, StoredObject>();
  const listeners = new Set<() => void>();
  let history: StoreEvent[] = [];
  let compacted = oldest;

  const sorted = (all: Map<string, StoredObject>, namespace: string | undefined): StoredObject[] =>
    [...all]
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);

  function eventsSince(revision: number): StoreEvent[] | undefined {
    if (revision < compacted) return undefined;
    let start = history.length;
    while (start > 0 && (history[start - 1]?.revision ?? 0) > revision) start -= 1;
    return history.slice(start);
  }

  return {
    get: (namespace, name) => objects.get(keyOf(namespace, name)),
    list: (namespace) => sorted(objects, namespace),
    listAt(revision, namespace) {
      const later = eventsSince(revision);
      if (later === undefined) return undefined;
      const then = new Map(objects);
      for (const event of later.toReversed()) {
        const metadata = objectOr(event.object['metadata']);
        const key = keyOf(textOr(metadata['namespace']), textOr(metadata['name']));
        if (event.previous) then.set(key, event.previous);
        else then.delete(key);
      }
      return sorted(then, namespace);
    },
    eventsSince,
    restore: (namespace, name, object) => void objects.set(keyOf(namespace, name), object),
    apply({ namespace, name, revision, object }) {
      const key = keyOf(namespace, name);
      const previous = objects.get(key);
      if (object) {
        objects.set(key, object);
        history.push({ type: previous ? 'MODIFIED' : 'ADDED', revision, object, previous });
      } else if (previous) {
        objects.delete(key);
        const metadata = { ...objectOr(previous['metadata']), resourceVersion: String(revision) };
        history.push({ type: 'DELETED', revision, object: Object.freeze({ ...previous, metadata: Object.freeze(metadata) }), previous });
      }
      // Dropping in halves keeps appending cheap.
      if (history.length > 2 * limit) {
        compacted = history[history.length - limit - 1]?.revision ?? compacted;
        history = history.slice(-limit);
      }
    },
    compact(revision) {
      history = [];
      compacted = revision;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notify() {
      for (const listener of listeners.values().toArray()) listener();
    },
  };
}
