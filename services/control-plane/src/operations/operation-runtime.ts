import type { Logger } from 'pino';
import { createOutageLog, isAway, pause } from '../availability.ts';
import type { Database } from '../database/database.ts';
import { consortiumOf, type ClusterView } from '../projections/cluster-view.ts';
import type { OperationQueue } from './operation-queue.ts';
import { dueOperations, openOperations } from './operation-repository.ts';
import type { OperationWorker } from './operation-worker.ts';
import { relayOutbox } from './outbox-relay.ts';
import { mayEndWaiting } from './readiness.ts';

export interface OperationRuntime {
  /** Relays the outbox at once instead of at the next sweep. */
  ringSoon(): void;
  /** Works until the signal, and ends when the last step has; never rejects. */
  run(): Promise<void>;
}

/** One task at a time; asked while it runs, it runs once more. The task must not reject. */
function coalesced(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      await task();
    } while (again);
    running = undefined;
  };
  return () => {
    again = true;
    running ??= run();
    return running;
  };
}

const sweepMs = 2000;
const wordsMs = 200;

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
  /** Nothing begins once it is aborted. */
  signal: AbortSignal;
}): OperationRuntime {
  const { db, view, queue, worker, logger, signal } = dependencies;
  /** What fails because something is away is said once; anything else each time. */
  const guarded = (what: string): ((task: () => Promise<unknown>) => Promise<void>) => {
    const outage = createOutageLog(logger, what);
    return async (task) => {
      if (signal.aborted) return;
      try {
        await task();
        outage.worked();
      } catch (error) {
        if (isAway(error)) outage.failed(error);
        else logger.error({ err: error }, `${what} failed`);
      }
    };
  };
  const relaying = guarded('ringing for new operations');
  const sweeping = guarded('looking for operations that are due');
  const waking = guarded('looking for operations that a change may help along');
  const running = guarded('going on with an operation');

  const relay = coalesced(() => relaying(() => relayOutbox(db, queue)));
  const look = (id: string): Promise<void> => running(() => worker.run(id));

  /** Consortia of which something changed, told apart so that a busy one does not make the others wait. */
  const wakers = new Map<string, () => Promise<void>>();
  const wakeWaiting = async (consortium: string): Promise<void> => {
    let waker = wakers.get(consortium);
    if (!waker) {
      waker = coalesced(() =>
        waking(async () => {
          for (const id of await openOperations(db, consortium)) await look(id);
        }),
      );
      wakers.set(consortium, waker);
    }
    await waker();
    wakers.delete(consortium);
  };

  /** For what waits elsewhere, and for the words: while much happens at once, those of each change are not worth a look. */
  const lookingSoon = new Map<string, NodeJS.Timeout>();
  const wakeSoon = (consortium: string): void => {
    if (lookingSoon.has(consortium)) return;
    const look = (): void => {
      lookingSoon.delete(consortium);
      void wakeWaiting(consortium);
    };
    lookingSoon.set(consortium, setTimeout(look, wordsMs));
  };

  const sweep = async (): Promise<void> => {
    for (const id of await dueOperations(db, worker.id, 100)) void look(id);
  };

  return {
    ringSoon: () => void relay(),
    run: async () => {
      queue.listen(look);
      const stopWatching = view.onChange((change) => {
        const consortium = consortiumOf(change.object);
        if (consortium === undefined) return;
        if (mayEndWaiting(change)) for (const id of worker.helpedBy(consortium)) void look(id);
        wakeSoon(consortium);
      });
      while (!signal.aborted) {
        void relay();
        await sweeping(sweep);
        await pause(sweepMs, signal);
      }
      stopWatching();
      for (const timer of lookingSoon.values()) clearTimeout(timer);
      await worker.settled();
    },
  };
}
