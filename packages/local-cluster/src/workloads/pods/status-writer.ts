import { isConflict, isNotFound, type Clock, type Logger } from '@guildhall/kubernetes';
import { insist } from '../insist.ts';

export interface StatusWriter<S> {
  /** Writes it as soon as the one before is written. What was put in between is skipped, but never one that is `telling`. */
  put(status: S, telling: boolean): void;
  /** When all that was put is written, or cannot be any more. */
  flushed(): Promise<void>;
  /** Gives up what is not written yet. */
  close(): void;
}

/** Writes the states of one object, one after the other, as often as it takes. */
export function createStatusWriter<S>(write: (status: S) => Promise<unknown>, clock: Clock, logger: Logger): StatusWriter<S> {
  const closing = new AbortController();
  const pending: { status: S; telling: boolean }[] = [];
  let running: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let next = pending.shift(); next !== undefined && !closing.signal.aborted; next = pending.shift()) {
      const { status } = next;
      await insist('writing a status', () => writeOne(status), clock, logger, closing.signal);
    }
    running = undefined;
  }

  async function writeOne(status: S): Promise<void> {
    try {
      await write(status);
    } catch (error) {
      // The object, or this incarnation of it, is gone: nobody waits for its status.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  return {
    put(status, telling) {
      if (pending.at(-1)?.telling === false) pending.pop();
      pending.push({ status, telling });
      running ??= writeAll();
    },
    flushed: () => running ?? Promise.resolve(),
    close: () => closing.abort(),
  };
}
