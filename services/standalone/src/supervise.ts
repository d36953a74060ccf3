import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from '@guildhall/local-cluster/process';
import type { Logger } from 'pino';

export interface Supervised<Part> {
  current(): Part;
  /** Resolves with the part that is left to be ended, once it is not started again any more. */
  release(): Promise<Part>;
}

export interface Supervision<Part> {
  /** As it begins a sentence. */
  name: string;
  startAgain: (before: Part) => Promise<Part>;
  /** For the person at the terminal: once when it is away, once when it is back. */
  tell: (sentence: string) => void;
  logger: Logger;
  checkMs?: number;
}

/** Starts a process of its own again whenever it has ended without being told to, until that works. */
export function supervise<Part extends { process: ProcessIdentity }>(first: Part, { name, startAgain, tell, logger, checkMs = 500 }: Supervision<Part>): Supervised<Part> {
  let current = first;
  let isAway = false;
  const stopping = new AbortController();
  const wait = (): Promise<void> => delay(checkMs, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function restart(): Promise<void> {
    logger.warn({ process: current.process.pid }, `${name} has ended; starting it again`);
    try {
      current = await startAgain(current);
      logger.info({ process: current.process.pid }, `${name} is back`);
      tell(`${name} ${isAway ? 'is back' : 'had ended and was started again'}.`);
      isAway = false;
    } catch (error) {
      logger.error({ err: error }, `${name} could not be started again; trying on`);
      if (!isAway) tell(`${name} has ended and does not start; it is tried until it does, and what needs it waits. ${error instanceof Error ? error.message : String(error)}`);
      isAway = true;
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await wait();
      if (!stopping.signal.aborted && !isRunning(current.process)) await restart();
    }
  }
  const watching = watch();

  return {
    current: () => current,
    release: async () => {
      stopping.abort();
      await watching;
      return current;
    },
  };
}
