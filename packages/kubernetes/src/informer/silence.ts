import type { Clock, Timer } from '../clock.ts';

export class SilentWatchError extends Error {
  override readonly name = 'SilentWatchError';
}

export interface SilenceGuard extends Disposable {
  /** Aborted with a SilentWatchError after a silence, or with the outer signal. */
  signal: AbortSignal;
  heard(): void;
}

/** Tells a quiet connection from a dead one: a half-open socket never reports an error by itself. */
export function createSilenceGuard(clock: Clock, silenceMs: number, outer: AbortSignal): SilenceGuard {
  const controller = new AbortController();
  const forward = (): void => controller.abort(outer.reason);
  if (outer.aborted) forward();
  else outer.addEventListener('abort', forward, { once: true });

  let last = clock.monotonic();
  let timer: Timer;
  // One timer that looks back, rather than a new timer per event.
  const check = (): void => {
    const left = last + silenceMs - clock.monotonic();
    if (left > 0) timer = clock.setTimeout(check, left);
    else controller.abort(new SilentWatchError(`the watch has been silent for ${silenceMs} ms`));
  };
  timer = clock.setTimeout(check, silenceMs);
  return {
    signal: controller.signal,
    heard() {
      last = clock.monotonic();
    },
    [Symbol.dispose]() {
      timer.cancel();
      outer.removeEventListener('abort', forward);
    },
  };
}
