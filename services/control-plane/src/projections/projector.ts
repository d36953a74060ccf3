import type { Logger } from 'pino';
import { createOutageLog, isAway, pause, retryMs } from '../availability.ts';
import { adoptConsortia, keepConsortium } from '../consortia/consortium-repository.ts';
import type { Database } from '../database/database.ts';
import type { ClusterReader, ObjectRef } from './cluster-reader.ts';
import { consortiumOf, type ClusterChange, type ClusterObject, type ClusterView } from './cluster-view.ts';
import { createForgotten } from './forgotten.ts';
import { compareWithView } from './compare-with-view.ts';
import { deleteProjectionAt, deleteProjections, projectionKeys, remember, sweepForgotten, upsertProjections } from './projection-repository.ts';

export interface Projector {
  /** Writes the rows of these objects before it returns: how a client's queries see what its own mutation wrote. */
  project(objects: readonly ClusterObject[]): Promise<void>;
  /** Takes away the row of what the cluster does not have any more, a consortium excepted: how queries see that what an operation removed is gone. */
  unproject(ref: ObjectRef): Promise<void>;
  /** Follows the view until the signal; never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

const uidOf = (object: ClusterObject): string => object.metadata.uid ?? '';

/** How often all rows are compared with the cluster. Whatever went wrong in between, a row is never wrong for longer. */
const resyncMs = 60_000;

/** While much happens at once, what gathers in this time is written in one statement. A client's own writes do not wait for it. */
const gatherMs = 25;

/** Keeps the projection rows equal to the cluster. While one write is under way the next ones gather, newest version of each object only. */
export function createProjector(dependencies: { db: Database; view: ClusterView; reader: ClusterReader; logger: Logger; resyncMs?: number }): Projector {
  const { db, view, reader, logger } = dependencies;
  const outage = createOutageLog(logger, 'writing projections');
  const forgotten = createForgotten();
  let gathered = new Map<string, ClusterChange>();
  let wake: () => void = () => undefined;

  view.onChange((change) => {
    if (consortiumOf(change.object) === undefined) return;
    if (change.deleted) forgotten.add(uidOf(change.object));
    gathered.set(uidOf(change.object), change);
    wake();
  });

  const forget = async (objects: readonly ClusterObject[]): Promise<void> => {
    await deleteProjections(db, objects.map(uidOf));
    for (const object of objects) if (object.kind === 'Consortium') await keepConsortium(db, uidOf(object));
  };

  // Deletions first: a successor of the same name is among the live ones.
  const write = async (changes: readonly ClusterChange[]): Promise<void> => {
    await forget(changes.filter((change) => change.deleted).map((change) => change.object));
    const live = changes.filter((change) => !change.deleted).map((change) => change.object);
    const consortia = live.filter((object) => object.kind === 'Consortium').map((object) => ({ name: object.metadata.name, uid: uidOf(object) }));
    if (consortia.length > 0) await adoptConsortia(db, consortia);
    await upsertProjections(db, live);
  };

  /** One object that the database refuses must not keep all others from being seen. */
  const writeEach = async (changes: readonly ClusterChange[]): Promise<void> => {
    for (const change of changes) {
      try {
        await write([change]);
      } catch (error) {
        if (isAway(error)) throw error;
        const { kind, metadata } = change.object;
        logger.error({ err: error, kind, namespace: metadata.namespace, name: metadata.name }, 'the database refuses an object of the cluster; it is left out of projections');
      }
    }
  };

  const writeAll = async (changes: readonly ClusterChange[]): Promise<void> => {
    try {
      await write(changes);
    } catch (error) {
      if (isAway(error)) throw error;
      await writeEach(changes);
    }
  };

  const flush = async (): Promise<void> => {
    const changes = gathered;
    gathered = new Map();
    try {
      await writeAll([...changes.values()]);
    } catch (error) {
      // What came meanwhile is newer than what failed.
      gathered = new Map([...changes, ...gathered]);
      throw error;
    }
  };

  const resync = async (): Promise<void> => {
    const { behind, rowless, doubtful } = compareWithView(await projectionKeys(db), view.all());
    const found: ClusterObject[] = [];
    for (const object of rowless) {
      const live = await reader.get({ kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });
      if (live) found.push(live);
    }
    for (const row of doubtful) {
      const live = await reader.get(row);
      if (live?.metadata.uid === row.uid && BigInt(live.metadata.resourceVersion ?? 0) >= BigInt(row.resource_version)) continue;
      await deleteProjections(db, [row.uid]);
      if (row.kind === 'Consortium' && live?.metadata.uid !== row.uid) await keepConsortium(db, row.uid);
      if (live) found.push(live);
    }
    await remember(db, found.map(uidOf));
    await writeAll([...behind, ...found].map((object) => ({ deleted: false, object })));
    await sweepForgotten(db);
  };

  const nextChange = (signal: AbortSignal, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (gathered.size > 0 || signal.aborted) wake();
    });

  return {
    project: async (objects) => {
      await upsertProjections(db, objects.filter((object) => !forgotten.has(uidOf(object))));
      // Deleted while it was written: the word of the deletion may have come before the row.
      await forget(objects.filter((object) => forgotten.has(uidOf(object))));
    },
    unproject: (ref) => deleteProjectionAt(db, ref),
    run: async (signal) => {
      signal.addEventListener('abort', () => wake(), { once: true });
      await view.start(signal).catch((error: unknown) => {
        // Ended before the cluster was heard of: there is nothing to write then.
        if (!signal.aborted) throw error;
      });
      let lastResync = -Infinity;
      while (!signal.aborted) {
        try {
          // Not until nothing is left: where something always changes, that never comes.
          if (gathered.size > 0) {
            await flush();
            await pause(gatherMs, signal);
          }
          if (performance.now() - lastResync >= (dependencies.resyncMs ?? resyncMs)) {
            await resync();
            lastResync = performance.now();
          }
          outage.worked();
          await nextChange(signal, dependencies.resyncMs ?? resyncMs);
        } catch (error) {
          if (isAway(error)) outage.failed(error);
          else logger.error({ err: error }, 'projections cannot be written; trying again');
          await pause(retryMs, signal);
        }
      }
    },
  };
}
