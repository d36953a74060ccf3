import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { adoptConsortium } from '../consortia/consortium-repository.ts';
import type { Database } from '../database/database.ts';
import type { ClusterObject, ClusterView } from './cluster-view.ts';
import { deleteAllExcept, deleteProjections, upsertProjections } from './projection-repository.ts';

export interface Projector {
  /** Writes the rows of these objects before it returns: how a client's queries see what its own mutation wrote. */
  project(objects: readonly ClusterObject[]): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

/** Keeps the projection rows equal to the cluster. While one write is under way the next ones gather, newest version of each object only. */
export function createProjector(db: Database, view: ClusterView, logger: Logger): Projector {
  let gathered = new Map<string, { deleted: boolean; object: ClusterObject }>();
  let wake: () => void = () => undefined;

  view.onChange((change) => {
    gathered.set(change.object.metadata.uid ?? '', change);
    wake();
  });

  const write = async (changes: readonly { deleted: boolean; object: ClusterObject }[]): Promise<void> => {
    const live = changes.filter((change) => !change.deleted).map((change) => change.object);
    for (const object of live) if (object.kind === 'Consortium') await adoptConsortium(db, object.metadata.name);
    await upsertProjections(db, live);
    await deleteProjections(db, changes.filter((change) => change.deleted).map((change) => change.object));
  };

  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (gathered.size > 0) resolve();
    });

  const flush = async (): Promise<void> => {
    const changes = gathered;
    gathered = new Map();
    try {
      await write([...changes.values()]);
    } catch (error) {
      // What came meanwhile is newer than what failed.
      gathered = new Map([...changes, ...gathered]);
      throw error;
    }
  };

  return {
    project: (objects) => upsertProjections(db, objects),
    run: async (signal) => {
      signal.addEventListener('abort', () => wake(), { once: true });
      await view.start(signal);
      let caughtUp = false;
      while (!signal.aborted) {
        try {
          if (!caughtUp) {
            await write(view.all().map((object) => ({ deleted: false, object })));
            await deleteAllExcept(db, view.all().map((object) => object.metadata.uid ?? ''));
            caughtUp = true;
          }
          while (gathered.size > 0) await flush();
          await nextChange();
        } catch (error) {
          logger.warn({ err: error }, 'projections cannot be written; trying again');
          await delay(1000);
        }
      }
    },
  };
}
