import { freeze, objectOr, textOr, type JsonObject } from '../json.ts';
import { createHead, type Head } from './head.ts';
import { JournalForked, StoreUnavailable, type Batch, type Change, type Journal, type Snapshot, type Store, type StoredObject } from './store.ts';
import { createTable, type Table } from './table.ts';

/** Events of each resource that watches can be resumed over; up to twice as many are kept. */
const defaultHistory = 500;

interface Waiting {
  changes: readonly Change[];
  settle(failure?: unknown): void;
}

/**
 * Objects are read from memory; a write is computed at once on top of what is under way (the head), becomes durable with
 * whatever else came meanwhile in one batch, and only then can be read. Without a journal it is durable at once.
 */
export function createStore(options: { journal?: Journal; snapshot?: Snapshot; history?: number } = {}): Store {
  const { journal, snapshot = { revision: 0, objects: [] }, history = defaultHistory } = options;
  const tables = new Map<string, Table>();
  let revision = snapshot.revision;
  let head: Head | undefined;
  let queue: Waiting[] = [];
  let flushing = false;
  /** A batch of which it is unknown whether it is kept. */
  let doubtful: Batch | undefined;
  let recovery: Promise<void> | undefined;
  let forked: JournalForked | undefined;

  const table = (resource: string): Table => {
    let found = tables.get(resource);
    if (!found) tables.set(resource, (found = createTable(snapshot.revision, history)));
    return found;
  };
  for (const { resource, namespace, name, object } of snapshot.objects) table(resource).restore(namespace, name, freeze(object));

  function publish(changes: readonly Change[]): void {
    for (const change of changes) {
      table(change.resource).apply(change);
      revision = change.revision;
    }
    for (const resource of new Set(changes.map((change) => change.resource))) table(resource).notify();
  }

  function failed(error: unknown): Error {
    if (!(error instanceof JournalForked)) return new StoreUnavailable(error);
    return (forked = error);
  }

  /** Finds out what became of the batch in doubt; throws while the journal is away. */
  async function resolveDoubt(kept: Journal, batch: Batch): Promise<void> {
    const found = await kept.revision();
    if (found !== batch.from && found !== batch.to) throw new JournalForked(batch.from, found);
    doubtful = undefined;
    if (found === batch.to) publish(batch.changes);
  }

  async function flush(kept: Journal): Promise<void> {
    flushing = true;
    while (queue.length > 0) {
      const waiting = queue;
      queue = [];
      const changes = waiting.flatMap((each) => each.changes);
      try {
        if (changes.length > 0) {
          const batch = { from: revision, to: changes.at(-1)?.revision ?? revision, changes };
          doubtful = batch;
          await kept.append(batch);
          doubtful = undefined;
        }
      } catch (error) {
        // What was computed on top of this batch falls with it.
        const fallen = [...waiting, ...queue];
        queue = [];
        head = undefined;
        const failure = failed(error);
        for (const each of fallen) each.settle(failure);
        break;
      }
      publish(changes);
      if (queue.length === 0) head = undefined;
      for (const each of waiting) each.settle();
    }
    flushing = false;
  }

  const objectAt = (resource: string, namespace: string, name: string): StoredObject | undefined => tables.get(resource)?.get(namespace, name);
  const objectsOf = (resource: string, namespace?: string): StoredObject[] => tables.get(resource)?.list(namespace) ?? [];
  const resources = (): string[] => [...tables.keys()];

  return {
    revision: () => revision,
    get: objectAt,
    list: objectsOf,
    listAt: (resource, at, namespace) => table(resource).listAt(at, namespace),
    resources,
    async write(work) {
      if (forked) throw forked;
      if (journal && doubtful && !flushing) {
        try {
          await (recovery ??= resolveDoubt(journal, doubtful).finally(() => (recovery = undefined)));
        } catch (error) {
          throw failed(error);
        }
      }
      const base = (head ??= createHead(revision, { get: objectAt, list: objectsOf, resources }));
      const { result, changes } = base.run(work);
      if (!journal) {
        head = undefined;
        publish(changes);
        return result;
      }
      if (changes.length === 0 && queue.length === 0 && !flushing) {
        head = undefined;
        return result;
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      queue.push({ changes, settle: (failure) => (failure === undefined ? resolve() : reject(failure)) });
      if (!flushing) void flush(journal);
      await promise;
      return result;
    },
    eventsSince: (resource, since) => table(resource).eventsSince(since),
    subscribe: (resource, listener) => table(resource).subscribe(listener),
    compact() {
      for (const each of tables.values()) each.compact(revision);
    },
  };
}

/** Namespace and name under which an object is stored. */
export const keyOf = (object: JsonObject): { namespace: string; name: string } => {
  const metadata = objectOr(object['metadata']);
  return { namespace: textOr(metadata['namespace']), name: textOr(metadata['name']) };
};
