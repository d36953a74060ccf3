import { abortable } from '../client/deadline.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import type { Health } from '../health.ts';
import type { Informer } from '../informer/informer.ts';
import type { LeaderElector, Leadership } from '../leader-election/leader-elector.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { KubernetesObject } from '../types.ts';
import type { Controller } from './controller.ts';

export interface ManagerOptions {
  controllers: readonly Controller[];
  /** Informers that no controller watches but that something reads. */
  informers?: readonly Informer<KubernetesObject>[];
  /** Without it, this process works at once: only where nothing else can be doing the same. */
  leaderElection?: LeaderElector;
  health?: Health;
  /** What runs may take so long to end after the signal; default 30 s. */
  shutdownMs?: number;
  /** Alive only while every informer has heard from the server in this time; default 10 min. */
  stalenessMs?: number;
  clock?: Clock;
  logger?: Logger;
}

export interface Manager {
  /**
   * Fills the caches, waits to lead, and works until the signal is aborted; then finishes what runs (or aborts it after a while), gives
   * the lease back and ends. Rejects with a LeadershipLostError as soon as the lease is lost, without waiting for what has been aborted: the
   * process must exit at once, non-zero.
   */
  run(signal: AbortSignal): Promise<void>;
}

export function createManager(options: ManagerOptions): Manager {
  const { controllers, leaderElection, health, shutdownMs = 30_000, stalenessMs = 600_000, clock = systemClock } = options;
  const logger = options.logger ?? silentLogger;
  const informers = [...new Set([...controllers.flatMap((controller) => controller.informers), ...(options.informers ?? [])])];

  const named = (found: Informer<KubernetesObject>[]): string => found.map(({ type }) => type.kind).join(', ');
  health?.addReady('caches', () => {
    const missing = informers.filter((informer) => !informer.hasSynced());
    return missing.length === 0 ? undefined : `not read yet: ${named(missing)}`;
  });
  health?.addLive('watches', () => {
    const stale = informers.filter((informer) => informer.hasSynced() && informer.secondsSinceActivity() * 1000 > stalenessMs);
    return stale.length === 0 ? undefined : `nothing heard for ${stalenessMs / 1000} s of: ${named(stale)}`;
  });

  async function work(soft: AbortSignal, leadership: Leadership | undefined): Promise<void> {
    const tooLong = new AbortController();
    const ended = new AbortController();
    const hard = leadership ? AbortSignal.any([tooLong.signal, leadership.signal]) : tooLong.signal;
    const limit = async (): Promise<void> => {
      await sleep(clock, shutdownMs, ended.signal);
      if (ended.signal.aborted) return;
      logger.warn({ shutdownMs }, 'what runs is aborted: it did not end in time');
      tooLong.abort(new Error('the process is shutting down'));
    };
    const onSoft = (): void => void limit();
    soft.addEventListener('abort', onSoft, { once: true });
    try {
      await Promise.all(controllers.map((controller) => controller.run({ soft, hard, permitted: leadership && (() => leadership.holds()) })));
    } finally {
      soft.removeEventListener('abort', onSoft);
      ended.abort();
    }
  }

  return {
    async run(signal) {
      const following = new AbortController();
      for (const informer of informers) informer.start(following.signal);
      try {
        await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
        logger.info({ informers: informers.length }, 'the caches are filled');
        const leadership = await leaderElection?.acquire(signal);
        const working = work(signal, leadership);
        await (leadership ? abortable(working, leadership.signal) : working);
        await leadership?.release();
      } catch (error) {
        if (!signal.aborted || error !== signal.reason) throw error; // being stopped before the work began is no failure
      } finally {
        following.abort();
      }
    },
  };
}
