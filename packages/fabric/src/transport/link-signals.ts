export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Whether the time was up first. */
  readonly timedOut: boolean;
  /** Lets go of the other signals and of the timer; to be called when the work is over. */
  release(): void;
}

/**
 * A signal that aborts with the first of others, or after a time. AbortSignal.any and AbortSignal.timeout do the same without a release, but one of them
 * within another is never freed (Node 24.21), and signals of calls come nested.
 */
export function linkSignals(sources: readonly (AbortSignal | undefined)[], timeoutMs?: number): LinkedSignal {
  const controller = new AbortController();
  let timedOut = false;
  const abort = (): void => controller.abort();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = !controller.signal.aborted;
          abort();
        }, timeoutMs);
  for (const source of sources) {
    if (source?.aborted) abort();
    source?.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: controller.signal,
    get timedOut() {
      return timedOut;
    },
    release() {
      clearTimeout(timer);
      for (const source of sources) source?.removeEventListener('abort', abort);
    },
  };
}
