import { systemClock } from '../clock.ts';
import { isGone, isNotFound, TransportError } from '../errors.ts';
import { apiVersionOf, type KubernetesObject, type ObjectMeta, type Ref, type ResourceType } from '../types.ts';
import { pods } from '../workloads.ts';
import type { ClientOptions, KubernetesClient, ListOptions, ObjectList } from './api.ts';
import { createCredentials } from './credentials.ts';
import { createFetch } from './fetch.ts';
import { linesOf } from './lines.ts';
import { callInWords, pathOf } from './paths.ts';
import { type Call, createTransport, type Transport } from './transport.ts';
import { typed, watchEventOf } from './watch-events.ts';

const pageSize = 500;
/** etcd refuses objects above 1.5 MiB; JSON and managed fields can make a few times that of it. */
const longestLineBytes = 16 * 1024 * 1024;

const json = 'application/json';
const mergePatch = 'application/merge-patch+json';
/** JSON is YAML. */
const applyPatch = 'application/apply-patch+yaml';

/** Bookkeeping of the server may not be applied; what is undefined is dropped by JSON. */
function applicable({ name, namespace, uid, resourceVersion, labels, annotations, finalizers, ownerReferences }: ObjectMeta): object {
  return { name, namespace, uid, resourceVersion, labels, annotations, finalizers, ownerReferences };
}

const isConditional = (patch: object): boolean =>
  'metadata' in patch && typeof patch.metadata === 'object' && patch.metadata !== null && 'resourceVersion' in patch.metadata;

/** One page as the server sends it. */
interface Page {
  items: object[];
  resourceVersion: string;
  next?: string;
}

function pageOf(answer: unknown, words: string): Page {
  const list = answer as { items?: unknown; metadata?: { resourceVersion?: string; continue?: string } } | null;
  if (!Array.isArray(list?.items) || list.metadata?.resourceVersion === undefined) {
    throw new TransportError('BadResponse', `${words}: the answer is not a list`);
  }
  const { resourceVersion, continue: next } = list.metadata;
  return { items: list.items as object[], resourceVersion, ...(next ? { next } : {}) };
}

function joined(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other);
}

function clientOver(transport: Transport, fieldManager: string, close: () => Promise<void>, signal?: AbortSignal): KubernetesClient {
  type Request = Pick<Call, 'verb' | 'method' | 'idempotent' | 'contentType'> & {
    ref: Ref;
    subresource?: string | undefined;
    query?: Record<string, string | boolean | undefined>;
    body?: object;
    /** A create is sent to the collection. */
    toCollection?: boolean;
  };

  async function answerTo<T extends KubernetesObject>(type: ResourceType<T>, request: Request): Promise<object> {
    const { ref, subresource, query, body, toCollection, ...call } = request;
    const path = pathOf(type, { ...ref, subresource }, query, { toCollection: toCollection === true });
    const words = callInWords(call.verb, type, ref);
    const answer = await transport.json({
      ...call,
      words,
      kind: type.kind,
      path,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (typeof answer !== 'object' || answer === null) throw new TransportError('BadResponse', `${words}: the answer is not an object`);
    return answer;
  }

  const write = async <T extends KubernetesObject>(type: ResourceType<T>, request: Request): Promise<T> =>
    typed(type, await answerTo(type, { ...request, query: { fieldManager, fieldValidation: 'Strict', ...request.query } }));

  const applied = <T extends KubernetesObject>(
    type: ResourceType<T>,
    object: { metadata: object },
    ref: Ref,
    { force = false, manager = fieldManager, subresource }: { force?: boolean; manager?: string; subresource?: string },
  ): Promise<T> =>
    write(type, {
      verb: 'apply',
      method: 'PATCH',
      ref,
      subresource,
      query: { fieldManager: manager, force },
      body: { ...object, apiVersion: apiVersionOf(type), kind: type.kind },
      contentType: applyPatch,
      idempotent: true,
    });

  async function pages<T extends KubernetesObject>(type: ResourceType<T>, options: ListOptions, limit: number | undefined): Promise<ObjectList<T>> {
    const { namespace, labelSelector, fieldSelector } = options;
    const words = callInWords('list', type, namespace === undefined ? {} : { namespace });
    const items: T[] = [];
    let resourceVersion: string | undefined;
    let next: string | undefined;
    do {
      const path = pathOf(type, { namespace }, { labelSelector, fieldSelector, limit, continue: next });
      const call: Call = { words, verb: 'list', kind: type.kind, method: 'GET', path, idempotent: true, signal: joined(signal, options.signal) };
      const page = pageOf(await transport.json(call), words);
      for (const item of page.items) items.push(typed(type, item));
      // The first page's: a watch from there repeats what later pages may know already, and misses nothing.
      resourceVersion ??= page.resourceVersion;
      next = page.next;
    } while (next !== undefined);
    return { items, resourceVersion };
  }

  const streamOf = (call: Pick<Call, 'words' | 'verb' | 'kind' | 'path' | 'onOpen'>, own: AbortSignal | undefined): AsyncIterable<Uint8Array> =>
    transport.stream({ ...call, method: 'GET', idempotent: true, signal: joined(signal, own) });

  return {
    async get(type, ref) {
      try {
        return typed(type, await answerTo(type, { verb: 'get', method: 'GET', ref, idempotent: true }));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async list(type, options = {}) {
      try {
        return await pages(type, options, options.limit ?? pageSize);
      } catch (error) {
        if (!isGone(error)) throw error;
        // The first page is too old by now. One answer without pages is always consistent (client-go does the same).
        return pages(type, options, undefined);
      }
    },

    create: (type, object) =>
      write(type, {
        verb: 'create',
        method: 'POST',
        ref: object.metadata,
        toCollection: true,
        body: { ...object, apiVersion: apiVersionOf(type), kind: type.kind },
        contentType: json,
        idempotent: false,
      }),

    apply(type, object, options = {}) {
      const { status: _, ...fields }: Record<string, unknown> = { ...object };
      return applied(type, { ...fields, metadata: applicable(object.metadata) }, object.metadata, options);
    },

    applyStatus(type, { metadata, status }, { force, fieldManager: manager } = {}) {
      const { name, namespace, uid } = metadata;
      return applied(type, { metadata: { name, namespace, uid }, status } as { metadata: object }, metadata, {
        subresource: 'status',
        ...(force === undefined ? {} : { force }),
        ...(manager === undefined ? {} : { manager }),
      });
    },

    mergePatch: (type, ref, patch, { subresource } = {}) =>
      write(type, {
        verb: 'patch',
        method: 'PATCH',
        ref,
        subresource,
        body: patch,
        contentType: mergePatch,
        // Sent again after it succeeded unheard, a conditional patch would be told of a conflict with itself.
        idempotent: !isConditional(patch),
      }),

    async delete(type, ref, { uid, resourceVersion, propagationPolicy = 'Background' } = {}) {
      try {
        await answerTo(type, {
          verb: 'delete',
          method: 'DELETE',
          ref,
          body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, preconditions: { uid, resourceVersion } },
          contentType: json,
          // By name alone, a second try could delete what was made in the meantime.
          idempotent: uid !== undefined,
        });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    async *watch(type, { namespace, signal: own, onOpen, ...query }) {
      const words = callInWords('watch', type, namespace === undefined ? {} : { namespace });
      const path = pathOf(type, { namespace }, { watch: true, allowWatchBookmarks: true, ...query });
      for await (const line of linesOf(streamOf({ words, verb: 'watch', kind: type.kind, path, onOpen }, own), longestLineBytes)) yield watchEventOf(type, line, words);
    },

    podLog(ref, { container, tailLines, follow, previous, cutLinesAt, signal: own } = {}) {
      const path = pathOf(pods, { ...ref, subresource: 'log' }, { container, tailLines, follow, previous });
      const stream = streamOf({ words: callInWords('log', pods, ref), verb: 'log', kind: 'Pod', path }, own);
      return cutLinesAt === undefined ? linesOf(stream, longestLineBytes) : linesOf(stream, cutLinesAt, 'cut');
    },

    withSignal: (own) => clientOver(transport, fieldManager, close, joined(signal, own)),
    close,
  };
}

export function createClient(options: ClientOptions): KubernetesClient {
  const { server, token, tokenFile, certificateAuthority, fieldManager, clock = systemClock, random = Math.random } = options;
  const own = options.fetch === undefined ? createFetch(certificateAuthority === undefined ? {} : { certificateAuthority }) : undefined;
  const transport = createTransport({
    server,
    credentials: createCredentials({ token, tokenFile }, clock),
    fetch: options.fetch ?? own ?? fetch,
    clock,
    random,
    timeoutMs: options.timeoutMs ?? 30_000,
    attempts: options.attempts ?? 5,
    onCall: options.onCall ?? ((): void => undefined),
  });
  return clientOver(transport, fieldManager, () => own?.close() ?? Promise.resolve());
}
