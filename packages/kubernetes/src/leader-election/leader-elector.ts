import type { KubernetesClient } from '../client/api.ts';
import { createDeadline } from '../client/deadline.ts';
import { type Clock, microTime, sleep, systemClock } from '../clock.ts';
import { LeadershipLostError } from '../controller/errors.ts';
import { type Lease, leases } from '../core.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../errors.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { keyOf, type Ref } from '../types.ts';
import { claim, defaultTimings, type Observation, observe, takeableIn, type Timings } from './lease.ts';

export interface Leadership {
  /** Grows with each change of leader: the fence for effects outside Kubernetes. */
  readonly epoch: number;
  /** Aborted with a LeadershipLostError when the lease is lost: all work must end at once. */
  readonly signal: AbortSignal;
  /** Whether the lease holds at this moment, even when no timer has had the chance to run (a suspended process). */
  holds(): boolean;
  /** Gives the lease back, for the next to begin without waiting. Only after all work has ended. */
  release(): Promise<void>;
}

export interface LeaderElector {
  /** Waits until this process leads; to be called once. Rejects only with the signal's reason. */
  acquire(signal: AbortSignal): Promise<Leadership>;
  /**
   * The signal of the leadership to come: `client.withSignal(elector.lost)` gives a client that can no longer write once the lease is lost,
   * whatever its users still have in hand.
   */
  readonly lost: AbortSignal;
}

export interface LeaderElectorOptions {
  client: KubernetesClient;
  lease: Required<Ref>;
  /** Unique per process. */
  identity: string;
  timings?: Timings;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  metrics?: Metrics;
}

export function createLeaderElector(options: LeaderElectorOptions): LeaderElector {
  const { client, lease: ref, identity, timings = defaultTimings, clock = systemClock, random = Math.random } = options;
  const logger = (options.logger ?? silentLogger).child({ lease: keyOf(ref), identity });
  const lost = new AbortController();
  const setLeading = options.metrics?.leader(keyOf(ref));

  /** Compare and swap: holds only for the version it was decided on. */
  const swap = (on: KubernetesClient, from: Lease, spec: object): Promise<Lease> =>
    on.mergePatch(leases, ref, { metadata: { resourceVersion: from.metadata.resourceVersion }, spec });

  /** One look at the lease: takes it if it may be had. Otherwise gives what was seen. */
  async function look(on: KubernetesClient, before: Observation | undefined): Promise<{ taken: Lease; at: number } | { seen: Observation | undefined }> {
    const at = clock.monotonic();
    const found = await on.get(leases, ref);
    const spec = claim(found, identity, timings, clock);
    try {
      if (!found) return { taken: await on.create(leases, { metadata: { ...ref }, spec }), at };
      const seen = observe(before, found, clock.monotonic());
      if (takeableIn(seen, identity, clock.monotonic()) > 0) return { seen };
      return { taken: await swap(on, found, spec), at };
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) return { seen: undefined }; // another candidate was faster
      throw error;
    }
  }

  function lead(taken: Lease, takenAt: number): Leadership {
    const ended = new AbortController();
    let current = taken;
    let renewedAt = takenAt;

    const holds = (): boolean => !lost.signal.aborted && clock.monotonic() < renewedAt + timings.renewDeadlineMs;
    const lose = (why: string): void => {
      if (ended.signal.aborted) return;
      ended.abort();
      setLeading?.(false);
      logger.error({ why }, 'the lease is lost: everything stops');
      lost.abort(new LeadershipLostError(`the lease ${keyOf(ref)} is lost: ${why}`));
    };

    /** Fires although a request may hang. */
    async function watchDeadline(): Promise<void> {
      while (!ended.signal.aborted) {
        await sleep(clock, renewedAt + timings.renewDeadlineMs - clock.monotonic(), ended.signal);
        if (!ended.signal.aborted && !holds()) lose(`not renewed within ${timings.renewDeadlineMs} ms`);
      }
    }

    async function renew(on: KubernetesClient): Promise<void> {
      for (let tries = 0; tries < 2; tries++) {
        const at = clock.monotonic();
        try {
          current = await swap(on, current, { renewTime: microTime(clock.now()) });
          renewedAt = at;
          return;
        } catch (error) {
          if (!isConflict(error) && !isNotFound(error)) throw error;
        }
        const found = await on.get(leases, ref);
        if (found?.spec?.holderIdentity !== identity) return lose(`held by ${found?.spec?.holderIdentity ?? 'nobody'}`);
        current = found; // touched by somebody, or by a renewal of ours whose answer was lost
      }
    }

    /** One renewal must not use up the deadline: another connection may do better. */
    async function renewInTime(): Promise<void> {
      using limit = createDeadline(clock, timings.renewDeadlineMs / 2, 'renew the lease', ended.signal);
      try {
        await renew(client.withSignal(limit.signal));
      } catch (error) {
        if (!ended.signal.aborted) logger.warn({ err: error }, 'the lease could not be renewed; trying again until the deadline');
      }
    }

    async function keepRenewing(): Promise<void> {
      while (!ended.signal.aborted) {
        await sleep(clock, timings.retryPeriodMs, ended.signal);
        if (!ended.signal.aborted) await renewInTime();
      }
    }

    void watchDeadline();
    const renewing = keepRenewing();
    setLeading?.(true);
    return {
      epoch: taken.spec?.leaseTransitions ?? 0,
      signal: lost.signal,
      holds,
      async release() {
        if (ended.signal.aborted) return;
        ended.abort();
        await renewing;
        setLeading?.(false);
        try {
          // As client-go: no holder, and an expiry so near that nobody waits for it.
          await swap(client, current, { holderIdentity: null, leaseDurationSeconds: 1, renewTime: microTime(clock.now()) });
        } catch (error) {
          logger.warn({ err: error }, 'the lease could not be given back: the next leader waits until it expires');
        }
      },
    };
  }

  return {
    lost: lost.signal,
    async acquire(signal) {
      const on = client.withSignal(signal);
      let seen: Observation | undefined;
      for (;;) {
        signal.throwIfAborted();
        try {
          const looked = await look(on, seen);
          if ('taken' in looked) {
            logger.info({ epoch: looked.taken.spec?.leaseTransitions }, 'leading');
            return lead(looked.taken, looked.at);
          }
          ({ seen } = looked);
        } catch (error) {
          signal.throwIfAborted();
          logger.warn({ err: error }, 'the lease could not be read or taken');
        }
        // Candidates spread; but an expiry is not slept through.
        const period = timings.retryPeriodMs * (1 + random() / 4);
        const expiry = seen ? takeableIn(seen, identity, clock.monotonic()) : period;
        await sleep(clock, Math.min(period, expiry || period), signal);
      }
    },
  };
}
