import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type Clock, sleep, systemClock } from '../clock.ts';
import type { Informer } from '../informer/informer.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { Metrics, ReconcileResult } from '../metrics.ts';
import type { RateLimits } from '../queue/rate-limiter.ts';
import { createWorkQueue, type Priority } from '../queue/work-queue.ts';
import { keyOf, type KubernetesObject, type ObjectMeta, type Ref, refOfKey, type ResourceType } from '../types.ts';
import { attempt, type Outcome } from './attempt.ts';
import { verdictOn } from './verdict.ts';

export type Result = { kind: 'done' } | { kind: 'requeue'; afterMs: number; reason: string };
export const done: Result = { kind: 'done' };
export const requeue = (afterMs: number, reason: string): Result => ({ kind: 'requeue', afterMs, reason });

export interface ReconcileContext {
  /** One per run: in each log line of it. */
  reconcileId: string;
  /** Aborted when the run takes too long or the process must stop at once. */
  signal: AbortSignal;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Another kind whose changes concern objects of the root kind. */
export interface Watch<T extends KubernetesObject> {
  informer: Informer<T>;
  /** The root objects that a change of this one concerns; of an update, both its old and its new state are asked. */
  map(object: T): Ref[];
  /**
   * What a reconcile reads of the object, as plain data: an update that leaves it as it was wakes nobody. Left out: every update does. Uid and deletion
   * count in any case, and so does the spec of a kind whose generation counts its changes; built-in kinds without that are Node, Service, Secret and ConfigMap.
   */
  reads?(object: T): unknown;
}

const identity = ({ uid, generation, deletionTimestamp }: ObjectMeta): unknown => [uid, generation, deletionTimestamp];

/** Whether an update changes what is read of the object. */
function concerns<T extends KubernetesObject>({ reads }: Watch<T>, old: T | undefined, object: T): boolean {
  if (reads === undefined || old === undefined) return true;
  const read = (state: T): string => JSON.stringify([identity(state.metadata), reads(state)]);
  return read(old) !== read(object);
}

export interface ControllerOptions<T extends KubernetesObject, Others extends readonly KubernetesObject[]> {
  /** Label of metrics and log lines. */
  name: string;
  type: ResourceType<T>;
  /** Of the root kind: its keys are what is reconciled. */
  informer: Informer<T>;
  watches?: { [Index in keyof Others]: Watch<Others[Index]> };
  /** Reconciles at once; default 4. One object is never reconciled twice at the same time. */
  concurrency?: number;
  /** Brings one object nearer to its spec. Reads what there is, whatever the event was; an object that is gone is a normal case. */
  reconcile: (ref: Ref, context: ReconcileContext) => Promise<Result>;
  /** Default 2 minutes. */
  timeoutMs?: number;
  /** Everything is looked at again so often, at low priority, one object after the other; default 10 h. */
  resyncMs?: number;
  limits?: Partial<RateLimits>;
  clock?: Clock;
  random?: () => number;
  logger?: Logger;
  metrics?: Metrics;
}

export interface RunSignals {
  soft: AbortSignal;
  hard: AbortSignal;
  /** Asked before each reconcile: a process that was suspended may have lost its lease without having noticed yet. */
  permitted?: (() => boolean) | undefined;
}

export interface Controller {
  readonly name: string;
  /** The root's and the watches' informers. */
  readonly informers: readonly Informer<KubernetesObject>[];
  /**
   * Works until `soft` is aborted (finishes what runs, begins nothing) or `hard` is (aborts what runs too). Resolves when nothing runs any
   * more; never rejects. The informers must have synced.
   */
  run(signals: RunSignals): Promise<void>;
  /** Asks for a reconcile, as a change would. */
  enqueue(ref: Ref): void;
}

/** In how many steps all objects are looked at again. */
const resyncSteps = 100;

/** Set to "true", its controller leaves the object alone. */
export const pausedAnnotation = 'guildhall.dev/paused';

export function createController<T extends KubernetesObject, const Others extends readonly KubernetesObject[] = []>(
  options: ControllerOptions<T, Others>,
): Controller {
  const { name, informer, reconcile, concurrency = 4, timeoutMs = 120_000, resyncMs = 36_000_000 } = options;
  const { clock = systemClock, random = Math.random, metrics } = options;
  const watches: readonly Watch<KubernetesObject>[] = options.watches ?? [];
  const logger = (options.logger ?? silentLogger).child({ controller: name });
  const observed = metrics?.controller(name, concurrency);
  const queue = createWorkQueue({
    clock,
    random,
    limits: options.limits,
    observer: metrics && ((depth) => metrics.queue(name, depth)),
  });
  /** Objects whose last reconcile failed for good, with the version that it saw. */
  const resting = new Map<string, string | undefined>();

  const root = (key: string): T | undefined => {
    const ref = refOfKey(key);
    return informer.get(ref.namespace, ref.name);
  };
  const versionOf = (object: T | undefined): string | undefined => object && `${object.metadata.uid}/${object.metadata.resourceVersion}`;

  /** The object itself was seen: one that rests is woken only by a version that its last reconcile did not know. */
  function see(key: string, priority: Priority): void {
    if (resting.has(key) && resting.get(key) === versionOf(root(key))) return;
    queue.add(key, priority);
  }

  /** Something else asks for it, which may be just what it waits for. */
  function wake(ref: Ref, priority: Priority): void {
    const key = keyOf(ref);
    resting.delete(key);
    queue.add(key, priority);
  }

  function subscribe(): () => void {
    const ends = [
      informer.onChange(({ object, initial }) => see(keyOf(object.metadata), initial ? 'low' : 'normal')),
      ...watches.map((watch) =>
        watch.informer.onChange(({ object, old, initial }) => {
          if (!concerns(watch, old, object)) return;
          // An old state names what the object no longer concerns: that must be told too.
          for (const state of old ? [object, old] : [object]) for (const ref of watch.map(state)) wake(ref, initial ? 'low' : 'normal');
        }),
      ),
    ];
    return () => ends.forEach((end) => end());
  }

  /** Evenly over the time, one after the other: what looks ask of the server never comes at once. */
  async function resync(soft: AbortSignal): Promise<void> {
    let last = '';
    let owed = 0;
    while (!soft.aborted) {
      // Not all processes at the same moment.
      await sleep(clock, (resyncMs / resyncSteps) * (0.9 + 0.2 * random()), soft);
      if (soft.aborted) return;
      const keys = informer.list().map(({ metadata }) => keyOf(metadata)).toSorted();
      for (owed += keys.length / resyncSteps; owed >= 1; owed -= 1) {
        last = keys.find((key) => key > last) ?? keys[0] ?? '';
        see(last, 'low');
      }
    }
  }

  function conclude(key: string, seen: string | undefined, outcome: Outcome<Result>, log: Logger): ReconcileResult {
    resting.delete(key);
    if (outcome.kind === 'result') {
      queue.forget(key);
      if (outcome.result.kind === 'done') return 'success';
      queue.addAfter(key, outcome.result.afterMs);
      log.debug({ reason: outcome.result.reason, afterMs: outcome.result.afterMs }, 'waiting');
      return 'requeue_after';
    }
    const { error } = outcome;
    const verdict = verdictOn(error);
    if (verdict.kind === 'terminal') {
      queue.forget(key);
      resting.set(key, seen);
      log.warn({ err: error }, 'failed for good: rests until something changes');
      return 'terminal';
    }
    const waitMs = Math.round(queue.addRateLimited(key, verdict.kind === 'error' ? verdict.afterMs : 0));
    if (verdict.kind === 'conflict') {
      log.info({ reason: error instanceof Error ? error.message : String(error), waitMs }, 'somebody else was faster: looking again');
      return 'conflict';
    }
    if (verdict.panic) observed?.panicked();
    if (verdict.timeout) observed?.timedOut();
    log[verdict.panic || verdict.timeout ? 'error' : 'warn']({ err: error, waitMs, failures: queue.failures(key) }, 'reconcile failed');
    return 'error';
  }

  /** Resolves when the reconcile has ended, or has been left because it does not end. */
  function process(key: string, { hard, permitted }: RunSignals): Promise<void> {
    const ref = refOfKey(key);
    const object = root(key);
    if (hard.aborted || permitted?.() === false) {
      queue.done(key);
      return Promise.resolve();
    }
    if (object?.metadata.annotations?.[pausedAnnotation] === 'true') {
      queue.forget(key);
      queue.done(key);
      observed?.reconciled('paused', 0);
      return Promise.resolve();
    }
    const reconcileId = randomUUID();
    const log = logger.child({ reconcileId, object: key });
    const began = clock.monotonic();
    observed?.active(1);
    const { outcome, overdue } = attempt(clock, timeoutMs, hard, (signal) =>
      reconcile(ref, { reconcileId, signal, logger: log, now: () => clock.now() }),
    );
    const finish = async (): Promise<void> => {
      const ended = await outcome;
      observed?.active(-1);
      if (hard.aborted) log.info({}, 'aborted');
      else {
        const result = conclude(key, versionOf(object), ended, log);
        observed?.reconciled(result, (clock.monotonic() - began) / 1000);
      }
      queue.done(key);
    };
    const leave = async (): Promise<void> => {
      await overdue;
      log.error({}, 'the reconcile ignores its signal: its worker goes on without it');
    };
    return Promise.race([finish(), leave()]);
  }

  async function work(signals: RunSignals): Promise<void> {
    for (let item = await queue.next(); item; item = await queue.next()) {
      // What has arrived in the same moment is looked at together.
      await setImmediate();
      await process(item.key, signals);
    }
  }

  return {
    name,
    informers: [informer, ...watches.map((watch) => watch.informer)],
    enqueue: (ref) => wake(ref, 'normal'),
    async run(signals) {
      const stop = AbortSignal.any([signals.soft, signals.hard]);
      if (stop.aborted) return;
      stop.addEventListener('abort', () => queue.close(), { once: true });
      const unsubscribe = subscribe();
      await Promise.all([resync(stop), ...Array.from({ length: concurrency }, () => work(signals))]);
      unsubscribe();
    },
  };
}
