import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, TransportError } from '@guildhall/kubernetes';
import type { Logger } from 'pino';

/** Errors of the network, and PostgreSQL's (classes 08, 53, 57), that say: it is away or overloaded, not wrong. */
const awayCodes = /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08...|53...|57P0[1-5]|57014|55P03)$/;

/** pg gives these no code. */
const awayMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|timeout expired|Client was closed|Cannot use a pool after calling end)/;

/** Whether something that is needed does not answer now, so that the same call may succeed later. */
export function isAway(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current instanceof TransportError) return true;
    if (current instanceof ApiError) return current.status >= 500 || current.status === 429;
    if ('code' in current && typeof current.code === 'string' && awayCodes.test(current.code)) return true;
    if (awayMessages.test(current.message)) return true;
  }
  return false;
}

/** Says once that something is away and once that it is back, however often it is tried in between. */
export interface OutageLog {
  failed(error: unknown): void;
  worked(): void;
}

export function createOutageLog(logger: Logger, what: string): OutageLog {
  let failing = false;
  return {
    failed: (error) => {
      logger[failing ? 'debug' : 'warn']({ err: error }, `${what} failed; it is tried again until it works`);
      failing = true;
    },
    worked: () => {
      if (failing) logger.info(`${what} works again`);
      failing = false;
    },
  };
}

export const retryMs = 500;

/** Waits unless the signal ends the waiting; never rejects. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);

/** Repeats the task for as long as what it needs is away; every other error is thrown. */
export async function untilAnswered<T>(task: () => Promise<T>, outage: OutageLog, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      const result = await task();
      outage.worked();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!isAway(error)) throw error;
      outage.failed(error);
    }
    await pause(retryMs, signal);
    signal.throwIfAborted();
  }
}
