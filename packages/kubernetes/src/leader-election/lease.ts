import { type Clock, microTime } from '../clock.ts';
import type { Lease } from '../core.ts';

export interface Timings {
  /** A lease that is not renewed for so long, as seen by others, may be taken. */
  leaseDurationMs: number;
  /** A leader that has not renewed for so long stops; less than the former, so that there are never two. */
  renewDeadlineMs: number;
  retryPeriodMs: number;
}

/** As client-go and controller-runtime. */
export const defaultTimings: Timings = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 };

/** A lease as this process has seen it change. The times written in it are another machine's clock and are never compared with ours. */
export interface Observation {
  lease: Lease;
  /** By our monotonic clock. */
  since: number;
}

const record = ({ spec = {} }: Lease): string => [spec.holderIdentity, spec.renewTime, spec.leaseTransitions].join(' ');

export const observe = (before: Observation | undefined, lease: Lease, now: number): Observation => ({
  lease,
  since: before && record(before.lease) === record(lease) ? before.since : now,
});

/** Milliseconds until the lease may be taken; 0: now. */
export function takeableIn({ lease, since }: Observation, identity: string, now: number): number {
  const holder = lease.spec?.holderIdentity;
  if (!holder || holder === identity) return 0;
  return Math.max(0, since + (lease.spec?.leaseDurationSeconds ?? 0) * 1000 - now);
}

/** The lease's spec with us as holder, to follow the one given. */
export function claim(before: Lease | undefined, identity: string, timings: Timings, clock: Clock): Required<NonNullable<Lease['spec']>> {
  const time = microTime(clock.now());
  const { leaseTransitions = 0, holderIdentity } = before?.spec ?? {};
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(timings.leaseDurationMs / 1000),
    acquireTime: time,
    renewTime: time,
    leaseTransitions: holderIdentity === identity ? leaseTransitions : leaseTransitions + 1,
  };
}
