import type { KubernetesClient } from '../client/api.ts';
import { backoff, type Clock, sleep, systemClock } from '../clock.ts';
import { ApiError, isGone, TransportError } from '../errors.ts';
import { type Logger, silentLogger } from '../logger.ts';
import type { Metrics, RestartReason } from '../metrics.ts';
import type { KubernetesObject, ResourceType } from '../types.ts';
import { cached } from './freeze.ts';
import { createSilenceGuard, SilentWatchError } from './silence.ts';
import { type Change, createStore, type Indexes } from './store.ts';

export type ChangeHandler<T extends KubernetesObject> = (change: Change<T>) => void;

/** A cache of one kind that follows the server for as long as its signal lets it. What it gives is frozen. */
export interface Informer<T extends KubernetesObject> {
  readonly type: ResourceType<T>;
  /** Begins to follow. A second call changes nothing: one informer holds one watch. */
  start(signal: AbortSignal): void;
  /** The first list has been read and told to the handlers. */
  hasSynced(): boolean;
  /** Why it does not follow the server now, in words without addresses; undefined while it does. What is known may be old then. */
  problem(): string | undefined;
  /** Rejects with the signal's reason when that comes first. */
  waitForSync(signal: AbortSignal): Promise<void>;
  get(namespace: string | undefined, name: string): T | undefined;
  list(namespace?: string): T[];
  byIndex(index: string, key: string): T[];
  /**
   * Told of each change, in order, at once; must only take note (put a key into a queue). What it throws is logged and goes no further.
   * What is known already is told as `added` with `initial`. Returns what ends it.
   */
  onChange(handler: ChangeHandler<T>): () => void;
  /** Since a list, an event or a bookmark; Infinity before the first. */
  secondsSinceActivity(): number;
}

export interface InformerOptions<T extends KubernetesObject> {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  indexes?: Indexes<T> | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  logger?: Logger | undefined;
  metrics?: Metrics | undefined;
  /** A watch without an event or a bookmark for so long is taken for dead; the API server sends a bookmark each minute. Default 150 s. */
  silenceMs?: number | undefined;
  /** Between attempts; default from 50 ms to 10 s. */
  backoff?: { baseMs: number; maxMs: number } | undefined;
}

/** A watch that lived so long counts as steady: the next begins without waiting. */
const steadyAfterMs = 30_000;

/**
 * Whether it may be the version itself that a watch fails at: nothing is heard from there on (a server whose store went back in time has nothing
 * to tell until it comes to our version again), what comes next cannot be read, or the server refuses to watch from there.
 */
function mayFailAgain(error: unknown): boolean {
  if (error instanceof SilentWatchError) return true;
  if (error instanceof TransportError) return error.code === 'BadResponse' || error.code === 'TooLarge';
  return error instanceof ApiError && (error.status === 400 || error.status === 422);
}

function inWords(error: unknown): string {
  if (error instanceof ApiError) return `the server answers ${error.status} (${error.reason})`;
  if (error instanceof TransportError) return `the server does not answer (${error.code})`;
  return error instanceof SilentWatchError ? 'nothing is heard of the server' : 'following the server failed';
}

export function createInformer<T extends KubernetesObject>(
  client: Pick<KubernetesClient, 'list' | 'watch'>,
  type: ResourceType<T>,
  options: InformerOptions<T> = {},
): Informer<T> {
  const { namespace, labelSelector, clock = systemClock, random = Math.random, silenceMs = 150_000 } = options;
  const backoffLimits = options.backoff ?? { baseMs: 50, maxMs: 10_000 };
  const logger = (options.logger ?? silentLogger).child({ informer: type.kind });
  const store = createStore<T>(options.indexes ?? {}, (index, object, error) =>
    logger.error({ err: error, index, object: object.metadata.name }, 'an index function threw; the object is left out of the index'),
  );
  const handlers = new Set<ChangeHandler<T>>();
  const synced = Promise.withResolvers<void>();
  let hasSynced = false;
  let problem: string | undefined = 'it is not read yet';
  let started = false;
  let lastActivity = -Infinity;
  /** From where a watch may begin; undefined: list first. */
  let resourceVersion: string | undefined;
  /** Watches in a row that brought nothing and may have failed at their version. */
  let fruitless = 0;

  const secondsSinceActivity = (): number => (clock.monotonic() - lastActivity) / 1000;
  const observed = options.metrics?.informer(type.kind, { secondsSinceActivity, hasSynced: () => hasSynced });

  function tell(handler: ChangeHandler<T>, change: Change<T>): void {
    const failed = (error: unknown): void =>
      logger.error({ err: error, change: change.type, object: change.object.metadata.name }, 'a change handler threw');
    try {
      const result: unknown = handler(change);
      if (result instanceof Promise) result.catch(failed); // an async function passes for a handler
    } catch (error) {
      failed(error);
    }
  }

  function tellAll(changes: Change<T>[]): void {
    for (const change of changes) for (const handler of handlers) tell(handler, change);
  }

  async function list(signal: AbortSignal): Promise<string> {
    const listed = await client.list(type, { namespace, labelSelector, signal });
    lastActivity = clock.monotonic();
    problem = undefined;
    const changes = store.replace(listed.items.map(cached));
    tellAll(hasSynced ? changes : changes.map((change) => ({ ...change, initial: true })));
    hasSynced = true;
    synced.resolve();
    return listed.resourceVersion;
  }

  async function watch(from: string, signal: AbortSignal): Promise<void> {
    using guard = createSilenceGuard(clock, silenceMs, signal);
    // Random, so that the watches of many clients do not end together.
    const timeoutSeconds = Math.round(300 + 300 * random());
    const events = client.watch(type, {
      namespace, labelSelector, resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds, signal: guard.signal,
      onOpen: () => (problem = undefined),
    });
    for await (const event of events) {
      guard.heard();
      lastActivity = clock.monotonic();
      problem = undefined;
      fruitless = 0;
      if (event.type === 'BOOKMARK') {
        ({ resourceVersion } = event);
        continue;
      }
      const object = cached(event.object);
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
      tellAll(event.type === 'DELETED' ? store.remove(object) : store.put(object));
    }
  }

  /** Lists if need be and watches until that ends; says why. */
  async function follow(signal: AbortSignal): Promise<{ reason: RestartReason; error?: unknown }> {
    try {
      resourceVersion ??= await list(signal);
      await watch(resourceVersion, signal);
      return { reason: 'closed' };
    } catch (error) {
      if (isGone(error)) {
        resourceVersion = undefined;
        return { reason: 'expired', error };
      }
      // Asked for everything, the server may do better.
      if (mayFailAgain(error) && ++fruitless >= 2) resourceVersion = undefined;
      return { reason: error instanceof SilentWatchError ? 'silent' : 'failed', error };
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      const began = clock.monotonic();
      const { reason, error } = await follow(signal);
      if (signal.aborted) return;
      observed?.restarted(reason);
      if (reason === 'failed' || reason === 'silent') problem = inWords(error);
      const steady = clock.monotonic() - began >= steadyAfterMs;
      if (steady) attempt = 0;
      if (steady && reason === 'closed') continue;
      const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      const wait = Math.max(asked, backoff(attempt++, backoffLimits, random));
      logger[reason === 'failed' ? 'warn' : 'debug']({ err: error, reason, waitMs: Math.round(wait), resourceVersion }, 'the watch ended and is begun again');
      await sleep(clock, wait, signal);
    }
  }

  return {
    type,
    start(signal) {
      if (started) return;
      started = true;
      run(signal).catch((error: unknown) => logger.error({ err: error }, 'the informer stopped: this is a bug'));
    },
    hasSynced: () => hasSynced,
    problem: () => problem,
    async waitForSync(signal) {
      signal.throwIfAborted();
      const aborted = Promise.withResolvers<never>();
      const abort = (): void => aborted.reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      try {
        await Promise.race([synced.promise, aborted.promise]);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    get: (ofNamespace, name) => store.get(ofNamespace, name),
    list: (ofNamespace) => store.list(ofNamespace),
    byIndex: (index, key) => store.byIndex(index, key),
    onChange(handler) {
      handlers.add(handler);
      for (const object of store.list()) tell(handler, { type: 'added', object, initial: true });
      return () => handlers.delete(handler);
    },
    secondsSinceActivity,
  };
}
