import { createHash, randomUUID } from 'node:crypto';
import type { KubernetesClient } from '../client/api.ts';
import { type Clock, microTime, sleep, systemClock, type Timer } from '../clock.ts';
import { type Event, events } from '../core.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';
import { type Bucket, createBucket } from '../queue/rate-limiter.ts';
import type { KubernetesObject, ObjectMeta } from '../types.ts';

export interface Notice<Reason extends string = string> {
  type: 'Normal' | 'Warning';
  /** CamelCase. */
  reason: Reason;
  /** What was being done: CamelCase. */
  action: string;
  /** For people; cut at 1024 bytes. No secrets. */
  note: string;
}

export interface EventRecorder<Reason extends string = string> {
  /** Notes that something about the object has changed. Never throws and never waits; what cannot be written is counted and dropped. */
  record(object: KubernetesObject, notice: Notice<Reason>): void;
  /** Resolves when everything recorded has been written or dropped. */
  flush(): Promise<void>;
  /** Repetitions that are still to be counted are dropped. */
  close(): void;
}

export interface EventRecorderOptions {
  /** Unique per process. */
  instance?: string;
  clock?: Clock;
  logger?: Logger;
  metrics?: Metrics;
  /** Between two writes, so that a burst of events does not slow what they tell about; default none. `flush` does not keep to it. */
  pauseMs?: number;
}

/** A repeated event is written again as a count, at most so often and no later: that a node is well again has to be seen after that it was not (client-go: 6 min). */
const seriesEveryMs = 3_000;
/** The API server keeps events for an hour: one that was last written before this is begun anew rather than counted on. */
const forgottenAfterMs = 1_800_000;
/** Events that are remembered to recognise a repetition. */
const remembered = 4_096;
/** Of one object: client-go's spam filter has the same burst. */
const perObject = { perSecond: 1 / 30, burst: 25 };
const longestNoteBytes = 1_024;
/** Events that wait for a server that is slow or away; beyond these they are dropped. */
const waitingAtMost = 1_000;

interface Series {
  metadata: ObjectMeta;
  count: number;
  /** By the monotonic clock. */
  writtenAt: number;
  /** Milliseconds since the epoch. */
  observedAt: number;
  /** Writes the count when its time has come. */
  timer?: Timer | undefined;
}

/** Cut to a number of bytes of UTF-8, at the end of a character. */
function cut(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  return `${buffer.subarray(0, bytes - 3).toString('utf8').replace(/\uFFFD+$/, '')}…`;
}

/** Forgets the oldest beyond the limit. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > remembered && !oldest.done) map.delete(oldest.value);
}

export function createEventRecorder<Reason extends string = string>(
  client: Pick<KubernetesClient, 'create' | 'mergePatch'>,
  component: string,
  options: EventRecorderOptions = {},
): EventRecorder<Reason> {
  const { instance = `${component}-${randomUUID()}`, clock = systemClock, logger = silentLogger, pauseMs = 0 } = options;
  const hurry = new AbortController();
  const observed = options.metrics?.events(component);
  const seriesOf = new Map<string, Series>();
  const buckets = new Map<string, Bucket>();
  let writing: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** What was not written, or has expired at the server, cannot be counted on: the next one is a new one. */
  function drop(key: string): void {
    seriesOf.get(key)?.timer?.cancel();
    seriesOf.delete(key);
    observed?.dropped();
  }

  /** One after the other: the order of events is worth more than their speed. */
  function write(what: () => Promise<unknown>, key: string): void {
    if (waiting >= waitingAtMost) return drop(key);
    waiting++;
    writing = writing
      .then(what)
      .catch((error: unknown) => {
        drop(key);
        logger.warn({ err: error }, 'an event could not be written');
      })
      .finally(() => waiting--)
      .then(() => (pauseMs > 0 ? sleep(clock, pauseMs, hurry.signal) : undefined));
  }

  function begin(object: KubernetesObject, notice: Notice<Reason>, key: string): void {
    const { name, namespace, uid, resourceVersion } = object.metadata;
    const bucket = buckets.get(uid ?? name) ?? createBucket(clock, perObject);
    remember(buckets, uid ?? name, bucket);
    if (!bucket.tryTake()) {
      observed?.dropped();
      return;
    }
    // Deterministic but for the time, like client-go's `<object>.<hex nanoseconds>`.
    const suffix = createHash('sha256').update(`${key} ${clock.now()} ${instance}`).digest('hex').slice(0, 16);
    const metadata: ObjectMeta = { name: `${name.slice(0, 230)}.${suffix}`, namespace: namespace ?? 'default' };
    remember(seriesOf, key, { metadata, count: 1, writtenAt: clock.monotonic(), observedAt: clock.now() });
    const event: Event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata,
      eventTime: microTime(clock.now()),
      type: notice.type,
      reason: notice.reason,
      action: notice.action,
      note: cut(notice.note, longestNoteBytes),
      regarding: {
        apiVersion: object.apiVersion, kind: object.kind, name,
        ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      reportingController: component,
      reportingInstance: instance.slice(0, 128),
    };
    write(() => client.create(events, event), key);
  }

  function again(series: Series, key: string): void {
    series.count++;
    series.observedAt = clock.now();
    if (series.timer !== undefined) return;
    const waitMs = series.writtenAt + seriesEveryMs - clock.monotonic();
    if (waitMs > 0) series.timer = clock.setTimeout(() => writeCount(series, key), waitMs);
    else writeCount(series, key);
  }

  function writeCount(series: Series, key: string): void {
    series.timer?.cancel();
    series.timer = undefined;
    series.writtenAt = clock.monotonic();
    const patch = { series: { count: series.count, lastObservedTime: microTime(series.observedAt) } };
    write(() => client.mergePatch(events, { ...series.metadata }, patch), key);
  }

  return {
    record(object, notice) {
      const { type, reason, action, note } = notice;
      const key = JSON.stringify([object.metadata.uid ?? object.metadata.name, type, reason, action, note]);
      const series = seriesOf.get(key);
      if (series && clock.monotonic() - series.writtenAt < forgottenAfterMs) again(series, key);
      else begin(object, notice, key);
    },
    async flush() {
      hurry.abort();
      for (const [key, series] of seriesOf) if (series.timer !== undefined) writeCount(series, key);
      await writing;
    },
    close() {
      for (const { timer } of seriesOf.values()) timer?.cancel();
    },
  };
}
