import { ApiError, pods, type KubernetesClient, type KubernetesObject, type ObjectMeta, type ResourceType, type WatchEvent } from '@guildhall/kubernetes';
import type { Api } from './api/api.ts';
import type { Call, WriteOptions } from './api/call.ts';
import { typed } from './api/context.ts';
import { ApiFailure, type Status } from './api/failure.ts';
import type { WatchItem } from './api/watch.ts';
import type { ClusterClient, Principal } from './cluster.ts';
import { without, type JsonObject } from './json.ts';

const errorOf = ({ code = 500, reason = 'Unknown', message = '', details }: Status, what: string): ApiError =>
  new ApiError(code, reason, `${what}: ${code} ${reason}: ${message}`, {
    ...(details ? { details } : {}),
    ...(details?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: details.retryAfterSeconds }),
  });

/** As it would arrive over HTTP: its own copy, without what is undefined. */
const json = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** The lines of a stream of bytes. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** What a call names; no namespace: a cluster-scoped kind, or all of them. */
interface Place {
  namespace?: string | undefined;
  name?: string;
}

/** A connection to the API server of this process: what HTTP would carry, without carrying it. */
export function createInProcessClient(api: Api, principal: Principal, fieldManager: string): ClusterClient {
  const closed = new AbortController();
  const callOf = (type: ResourceType<KubernetesObject>, ref: Place, subresource = ''): Call =>
    api.call(principal, { group: type.group, version: type.version, plural: type.plural, namespace: ref.namespace ?? '', name: ref.name ?? '', subresource });
  const options: WriteOptions = { fieldManager, fieldValidation: 'Strict', warn: () => undefined };

  async function answer<T>(stop: AbortSignal, verb: string, type: ResourceType<KubernetesObject>, ref: Place, work: () => T | Promise<T>): Promise<T> {
    try {
      stop.throwIfAborted();
      return await work();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      throw errorOf(error.status, `${verb} ${type.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name ?? ''}`);
    }
  }

  /** Bookkeeping of the server is not applied. */
  const applicable = ({ name, namespace, uid, resourceVersion, labels, annotations, finalizers, ownerReferences }: ObjectMeta): object =>
    ({ name, namespace, uid, resourceVersion, labels, annotations, finalizers, ownerReferences });
  const bare = (type: ResourceType<KubernetesObject>, object: object): JsonObject =>
    json({ ...object, apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`, kind: type.kind });

  const client = (stop: AbortSignal): ClusterClient => ({
    async get(type, ref) {
      try {
        return await answer(stop, 'get', type, ref, () => typed(type, api.get(callOf(type, ref))));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      }
    },
    list: (type, { namespace, labelSelector, fieldSelector } = {}) =>
      answer(stop, 'list', type, { namespace }, () => {
        const page = api.list(callOf(type, { namespace }), { labelSelector, fieldSelector });
        return { items: page.items.map((item) => typed(type, item)), resourceVersion: page.resourceVersion };
      }),
    create: (type, object) =>
      answer(stop, 'create', type, object.metadata, async () => {
        const { namespace } = object.metadata;
        return typed(type, (await api.create(callOf(type, { namespace }), bare(type, object), options)).object);
      }),
    apply: (type, object, { force = false } = {}) =>
      answer(stop, 'apply', type, object.metadata, async () => {
        const body = without(bare(type, { ...object, metadata: applicable(object.metadata) }), 'status');
        return typed(type, (await api.apply(callOf(type, object.metadata), body, { ...options, force })).object);
      }),
    applyStatus: (type, { metadata, status }, { force = false, fieldManager: manager = fieldManager } = {}) =>
      answer(stop, 'apply', type, metadata, async () => {
        const { name, namespace, uid } = metadata;
        const body = bare(type, { metadata: { name, namespace, uid }, status });
        return typed(type, (await api.apply(callOf(type, metadata, 'status'), body, { ...options, fieldManager: manager, force })).object);
      }),
    mergePatch: (type, ref, patch, { subresource } = {}) =>
      answer(stop, 'patch', type, ref, async () => typed(type, (await api.mergePatch(callOf(type, ref, subresource), json(patch), options)).object)),
    async delete(type, ref, { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = {}) {
      try {
        await answer(stop, 'delete', type, ref, () =>
          api.delete(callOf(type, ref), {
            preconditions: { uid, resourceVersion }, propagationPolicy, gracePeriodSeconds,
          }),
        );
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    },
    async *watch<T extends KubernetesObject>(type: ResourceType<T>, { namespace, labelSelector, fieldSelector, resourceVersion, signal }: Parameters<KubernetesClient['watch']>[1]) {
      const queue: WatchItem[] = [];
      let wake = (): void => undefined;
      const watch = await answer(stop, 'watch', type, { namespace }, () =>
        api.watch(callOf(type, { namespace }), { resourceVersion, labelSelector, fieldSelector }, (items) => {
          queue.push(...items);
          wake();
        }),
      );
      const over = AbortSignal.any([signal, stop]);
      const end = (): void => wake();
      over.addEventListener('abort', end);
      try {
        while (!over.aborted) {
          const item = queue.shift();
          if (item?.type === 'ERROR') throw errorOf(item.object, `watch ${type.kind}`);
          if (item) yield { type: item.type, object: typed(type, item.object) } satisfies WatchEvent<T>;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        over.removeEventListener('abort', end);
        watch.close();
      }
    },
    async *podLog(ref, { container, tailLines, follow = false, previous = false, signal } = {}) {
      const own = signal ? AbortSignal.any([signal, stop]) : stop;
      const chunks = await answer(stop, 'log', pods, ref, () =>
        api.log(callOf(pods, ref, 'log'), {
          follow, previous, signal: own, ...(container === undefined ? {} : { container }), ...(tailLines === undefined ? {} : { tailLines }),
        }),
      );
      yield* linesOf(chunks);
    },
    withSignal: (signal) => client(AbortSignal.any([signal, stop])),
    async close() {
      closed.abort();
    },
  });
  return client(closed.signal);
}
