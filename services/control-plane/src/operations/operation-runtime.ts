import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { consortiumOf, type ClusterView } from '../projections/cluster-view.ts';
import type { OperationQueue } from './operation-queue.ts';
import { dueOperations, openOperations } from './operation-repository.ts';
import type { OperationWorker } from './operation-worker.ts';
import { relayOutbox } from './outbox-relay.ts';

export interface OperationRuntime {
  /** Relays the outbox at once instead of at the next sweep. */
  ringSoon(): void;
  run(signal: AbortSignal): Promise<void>;
}

/** One task at a time; asked while it runs, it runs once more. */
function coalesced(task: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await task();
    } while (again);
    running = false;
  };
  return () => {
    again = true;
    if (!running) void run();
  };
}

const sweepMs = 2000;

/**
 * Keeps operations moving: new ones by the outbox and the queue, waiting ones whenever something of their consortium
 * changes, and all of them by a sweep over what is due, which makes every other way a matter of speed only.
 */
export function createOperationRuntime(dependencies: {
  db: Database;
  view: ClusterView;
  queue: OperationQueue;
  worker: OperationWorker;
  logger: Logger;
}): OperationRuntime {
  const { db, view, queue, worker, logger } = dependencies;

  const guarded = (what: string, task: () => Promise<unknown>) => async (): Promise<void> => {
    try {
      await task();
    } catch (error) {
      logger.warn({ err: error }, `${what} failed; the next sweep tries again`);
    }
  };

  const relay = coalesced(guarded('ringing for new operations', () => relayOutbox(db, queue)));
  const wakers = new Map<string, () => void>();
  const wakeWaiting = (consortium: string): void => {
    let waker = wakers.get(consortium);
    if (!waker) {
      waker = coalesced(
        guarded('looking at waiting operations', async () => {
          for (const id of await openOperations(db, consortium)) await worker.run(id);
        }),
      );
      wakers.set(consortium, waker);
    }
    waker();
  };

  const sweep = async (): Promise<void> => {
    relay();
    for (const id of await dueOperations(db, 100)) void guarded('an operation', () => worker.run(id))();
  };

  return {
    ringSoon: relay,
    run: async (signal) => {
      queue.listen((operationId) => worker.run(operationId));
      view.onChange(({ object }) => {
        const consortium = consortiumOf(object);
        if (consortium !== undefined) wakeWaiting(consortium);
      });
      while (!signal.aborted) {
        await guarded('the sweep', sweep)();
        await delay(sweepMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
