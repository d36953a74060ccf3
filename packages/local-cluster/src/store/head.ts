import { freeze, objectOr, textOr, type JsonObject } from '../json.ts';
import type { Change, StoredObject, Transaction } from './store.ts';

type Reader = Pick<Transaction, 'get' | 'list' | 'resources'>;

/** What can be read, with what is written but not yet durable on top. */
export interface Head {
  /** When `work` throws, what it wrote is forgotten. */
  run<T>(work: (transaction: Transaction) => T): { result: T; changes: Change[] };
}

const pathOf = (resource: string, namespace: string, name: string): string => `${resource}|${namespace}/${name}`;

export function createHead(revision: number, below: Reader): Head {
  const overlay = new Map<string, Change>();
  let last = revision;

  function reader(own: Map<string, Change>): Reader {
    const written = (path: string): Change | undefined => own.get(path) ?? overlay.get(path);
    return {
      get(resource, namespace, name) {
        const change = written(pathOf(resource, namespace, name));
        return change ? change.object : below.get(resource, namespace, name);
      },
      list(resource, namespace) {
        const changes = [...new Map([...overlay, ...own])].filter(
          ([, change]) => change.resource === resource && (namespace === undefined || change.namespace === namespace),
        );
        const objects = below.list(resource, namespace);
        if (changes.length === 0) return objects;
        const paths = new Set(changes.map(([path]) => path));
        const kept = objects.filter((object) => {
          const metadata = objectOr(object['metadata']);
          return !paths.has(pathOf(resource, textOr(metadata['namespace']), textOr(metadata['name'])));
        });
        return [...kept, ...changes.flatMap(([, { object }]) => (object ? [object] : []))];
      },
      resources: () => [...new Set([...below.resources(), ...[...overlay.values(), ...own.values()].map((change) => change.resource)])],
    };
  }

  return {
    run(work) {
      const own = new Map<string, Change>();
      const changes: Change[] = [];
      let next = last;
      const read = reader(own);
      const record = (resource: string, namespace: string, name: string, object: StoredObject | undefined): void => {
        const change = { resource, namespace, name, revision: next, object };
        own.set(pathOf(resource, namespace, name), change);
        changes.push(change);
      };
      const result = work({
        ...read,
        put(resource, object: JsonObject) {
          next += 1;
          const metadata = objectOr(object['metadata']);
          const stored = freeze({ ...object, metadata: { ...metadata, resourceVersion: String(next) } });
          record(resource, textOr(metadata['namespace']), textOr(metadata['name']), stored);
          return stored;
        },
        remove(resource, namespace, name) {
          const object = read.get(resource, namespace, name);
          if (!object) throw new Error(`cannot remove ${resource} ${namespace}/${name}: it is not there`);
          next += 1;
          record(resource, namespace, name, undefined);
          return object;
        },
      });
      for (const [path, change] of own) overlay.set(path, change);
      last = next;
      return { result, changes };
    },
  };
}
