/** Resolves after the time, or when the wait is given up. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });

/** Like sleep; being online again ends it. */
export async function sleepUntilOnline(ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  window.addEventListener('online', end, { once: true });
  try {
    await sleep(ms, AbortSignal.any([signal, over.signal]));
  } finally {
    window.removeEventListener('online', end);
  }
}
