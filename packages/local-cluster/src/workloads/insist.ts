import { sleep, type Clock, type Logger } from '@guildhall/kubernetes';

const firstRetryMs = 100;
const longestRetryMs = 5_000;

/** Does something as often as it takes; gives up only when the signal is aborted. Undefined then. */
export async function insist<T>(what: string, action: () => Promise<T>, clock: Clock, logger: Logger, signal: AbortSignal): Promise<T | undefined> {
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
    try {
      return await action();
    } catch (error) {
      logger.warn({ err: error, retryMs }, `${what} failed; it is tried again`);
      await sleep(clock, retryMs, signal);
    }
  }
  return undefined;
}
