import { setTimeout as delay } from 'node:timers/promises';
import { attemptProbe, type Probe } from './probe.ts';

export interface ContainerProbes {
  readonly startup?: Probe;
  readonly readiness?: Probe;
  readonly liveness?: Probe;
}

export interface ProbeListener {
  started(): void;
  ready(ready: boolean): void;
  /** A probe failed for the first time since it last succeeded. */
  unhealthy(message: string): void;
  /** The process must be killed: its liveness or startup probe failed as often as it may. */
  failed(message: string): void;
}

/** How often a process is asked while it starts, and for how long, before the probe's own period holds. */
const startingPeriodMs = 50;
const startingForMs = 10_000;

/**
 * Watches over one run of a process until the signal. Unlike a kubelet it asks a starting process every 50 ms, whatever the
 * period: a node that is up after 50 ms is ready after 100. How long a startup probe may fail is the same: period times
 * threshold.
 */
export async function watchHealth(probes: ContainerProbes, listener: ProbeListener, signal: AbortSignal): Promise<void> {
  try {
    if (probes.startup !== undefined && !(await untilStarted(probes.startup, listener, signal))) return;
    listener.started();
    await Promise.all([
      probes.readiness === undefined ? listener.ready(true) : watchReadiness(probes.readiness, listener, signal),
      probes.liveness === undefined ? undefined : watchLiveness(probes.liveness, listener, signal),
    ]);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function untilStarted(probe: Probe, listener: ProbeListener, signal: AbortSignal): Promise<boolean> {
  await delay(probe.initialDelayMs, undefined, { signal });
  const began = performance.now();
  const allowedMs = probe.periodMs * probe.failureThreshold;
  for (;;) {
    const asked = performance.now();
    const failure = await attemptProbe(probe.target, probe.timeoutMs, signal);
    signal.throwIfAborted();
    if (failure === undefined) return true;
    const elapsed = performance.now() - began;
    if (elapsed >= allowedMs) {
      listener.failed(`startup probe failed for ${allowedMs / 1000} s: ${failure}`);
      return false;
    }
    await nextTurn(asked, startingPeriod(probe, elapsed), signal);
  }
}

async function watchReadiness(probe: Probe, listener: ProbeListener, signal: AbortSignal): Promise<void> {
  await delay(probe.initialDelayMs, undefined, { signal });
  const began = performance.now();
  let everReady = false;
  const tally = createTally(probe);
  for (;;) {
    const asked = performance.now();
    const failure = await attemptProbe(probe.target, probe.timeoutMs, signal);
    signal.throwIfAborted();
    if (everReady && tally.failures === 0 && failure !== undefined) listener.unhealthy(`readiness probe failed: ${failure}`);
    const verdict = tally.count(failure === undefined);
    if (verdict !== undefined) listener.ready(verdict);
    everReady ||= verdict === true;
    await nextTurn(asked, everReady ? probe.periodMs : startingPeriod(probe, asked - began), signal);
  }
}

async function watchLiveness(probe: Probe, listener: ProbeListener, signal: AbortSignal): Promise<void> {
  await delay(probe.initialDelayMs, undefined, { signal });
  const tally = createTally(probe);
  for (;;) {
    const asked = performance.now();
    const failure = await attemptProbe(probe.target, probe.timeoutMs, signal);
    signal.throwIfAborted();
    if (tally.failures === 0 && failure !== undefined) listener.unhealthy(`liveness probe failed: ${failure}`);
    if (tally.count(failure === undefined) === false) {
      listener.failed(`liveness probe failed ${probe.failureThreshold} times: ${failure}`);
      return;
    }
    await nextTurn(asked, probe.periodMs, signal);
  }
}

/** A period runs from one question to the next, however long the answer took: a hang is noticed after threshold times period. */
async function nextTurn(asked: number, periodMs: number, signal: AbortSignal): Promise<void> {
  await delay(Math.max(0, asked + periodMs - performance.now()), undefined, { signal });
}

function startingPeriod(probe: Probe, elapsedMs: number): number {
  return elapsedMs < startingForMs ? Math.min(startingPeriodMs, probe.periodMs) : probe.periodMs;
}

/** Counts in a row; speaks up when a threshold is reached, and again only after the other one was. */
function createTally(probe: Probe): { readonly failures: number; count(success: boolean): boolean | undefined } {
  let failures = 0;
  let successes = 0;
  let verdict: boolean | undefined;
  return {
    get failures() {
      return failures;
    },
    count(success) {
      successes = success ? successes + 1 : 0;
      failures = success ? 0 : failures + 1;
      const reached = success ? successes >= probe.successThreshold : failures >= probe.failureThreshold;
      if (!reached || verdict === success) return undefined;
      verdict = success;
      return success;
    },
  };
}
