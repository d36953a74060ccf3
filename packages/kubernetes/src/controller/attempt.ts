import type { Clock } from '../clock.ts';
import { sleep } from '../clock.ts';
import { ReconcileTimeoutError } from './errors.ts';

export type Outcome<R> = { kind: 'result'; result: R } | { kind: 'error'; error: unknown };

export interface Attempt<R> {
  /** Never rejects. */
  outcome: Promise<Outcome<R>>;
  /** Resolves only when the run still goes on a while after it was aborted: whoever waits for it should not any longer. */
  overdue: Promise<void>;
}

/** A run that has been aborted has so long to end. */
const graceMs = 10_000;

/** Runs something with a time limit and catches all that it throws. A run that ignores its signal cannot be ended, only left. */
export function attempt<R>(clock: Clock, timeoutMs: number, hard: AbortSignal, run: (signal: AbortSignal) => Promise<R>): Attempt<R> {
  const controller = new AbortController();
  const ended = new AbortController();
  const overdue = Promise.withResolvers<void>();
  const abort = (reason: unknown): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    void awaitEnd();
  };
  async function awaitEnd(): Promise<void> {
    await sleep(clock, graceMs, ended.signal);
    if (!ended.signal.aborted) overdue.resolve();
  }
  const abortHard = (): void => abort(hard.reason);
  hard.addEventListener('abort', abortHard, { once: true });
  const timer = clock.setTimeout(() => abort(new ReconcileTimeoutError(`not done within ${timeoutMs} ms`)), timeoutMs);

  async function settle(): Promise<Outcome<R>> {
    try {
      return { kind: 'result', result: await run(controller.signal) };
    } catch (error) {
      // Whatever an aborted run throws, the cause is why it was aborted.
      return { kind: 'error', error: controller.signal.aborted ? controller.signal.reason : error };
    } finally {
      timer.cancel();
      hard.removeEventListener('abort', abortHard);
      // With a reason: without one each run would make an error, stack and all.
      ended.abort('ended');
    }
  }
  return { outcome: settle(), overdue: overdue.promise };
}
