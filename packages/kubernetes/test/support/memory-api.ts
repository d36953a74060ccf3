import { randomUUID } from 'node:crypto';
import type { Fetch, FetchResponse } from '../../src/client/fetch.ts';
import type { KubernetesObject } from '../../src/types.ts';

type Json = Record<string, unknown>;
type Stored = KubernetesObject & Json;
type Input = Stored & { preconditions?: { uid?: string; resourceVersion?: string } };

const isFields = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(base: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Json = isFields(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

const collection = /^(?<base>\/apis?\/[^?]*?)(?:\/namespaces\/(?<namespace>[^/?]+))?\/(?<plural>[a-z]+)(?:\/(?<name>[^/?]+))?(?:\/(?<subresource>status))?$/;

/**
 * Objects in memory behind a `Fetch`: enough of get, list, watch, create, delete, merge patch and apply (which here only merges) to try the
 * runtime on. It makes no claim to be Kubernetes.
 */
export function createMemoryApi(): {
  fetch: Fetch;
  objects: Map<string, Stored>;
  watches: () => number;
  /** Forgets history: a watch from before gets 410. */
  compact(): void;
} {
  const objects = new Map<string, Stored>();
  const history: { version: number; path: string; type: string; object: Stored }[] = [];
  const watchers = new Set<(path: string, type: string, object: Stored) => void>();
  let version = 0;
  let oldest = 0;

  const answer = (status: number, body: unknown): FetchResponse => ({
    status,
    headers: { get: () => null },
    body: null,
    text: () => Promise.resolve(JSON.stringify(body)),
  });
  const refuse = (code: number, reason: string): FetchResponse => answer(code, { kind: 'Status', code, reason });

  function store(path: string, type: string, object: Stored): Stored {
    const stored = structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } });
    if (type === 'DELETED') objects.delete(path);
    else objects.set(path, stored);
    history.push({ version, path, type, object: stored });
    for (const watcher of watchers) watcher(path, type, stored);
    return stored;
  }

  function watch(prefix: RegExp, from: number, signal: AbortSignal): FetchResponse {
    if (from < oldest) return refuse(410, 'Expired');
    const chunks: Uint8Array[] = [];
    let wake = (): void => undefined;
    const send = (type: string, object: Stored): void => {
      chunks.push(Buffer.from(`${JSON.stringify({ type, object })}\n`));
      wake();
    };
    const watcher = (path: string, type: string, object: Stored): void => {
      if (prefix.test(path)) send(type, object);
    };
    for (const past of history) if (past.version > from) watcher(past.path, past.type, past.object);
    watchers.add(watcher);
    signal.addEventListener('abort', () => {
      watchers.delete(watcher);
      wake();
    });
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        while (!signal.aborted) {
          const chunk = chunks.shift();
          if (chunk) yield chunk;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        watchers.delete(watcher);
      }
    }
    return { ...answer(200, {}), body: body() };
  }

  function create(path: string, body: Stored): FetchResponse {
    if (objects.has(path)) return refuse(409, 'AlreadyExists');
    return answer(201, store(path, 'ADDED', { ...body, metadata: { ...body.metadata, uid: randomUUID(), generation: 1 } }));
  }

  function change(path: string, before: Stored, body: Stored, subresource: string | undefined): FetchResponse {
    const { uid, resourceVersion } = body.metadata ?? {};
    if ((uid ?? before.metadata.uid) !== before.metadata.uid) return refuse(409, 'Conflict');
    if ((resourceVersion ?? before.metadata.resourceVersion) !== before.metadata.resourceVersion) return refuse(409, 'Conflict');
    const merged = merge(before, body) as Stored;
    if (JSON.stringify(merged) === JSON.stringify(before)) return answer(200, before);
    const specChanged = subresource === undefined && JSON.stringify(merged['spec']) !== JSON.stringify(before['spec']);
    merged.metadata.generation = (before.metadata.generation ?? 1) + (specChanged ? 1 : 0);
    const finished = merged.metadata.deletionTimestamp !== undefined && (merged.metadata.finalizers ?? []).length === 0;
    return answer(200, store(path, finished ? 'DELETED' : 'MODIFIED', merged));
  }

  function remove(path: string, before: Stored, preconditions: { uid?: string; resourceVersion?: string } = {}): FetchResponse {
    if ((preconditions.uid ?? before.metadata.uid) !== before.metadata.uid) return refuse(409, 'Conflict');
    if ((preconditions.resourceVersion ?? before.metadata.resourceVersion) !== before.metadata.resourceVersion) return refuse(409, 'Conflict');
    if ((before.metadata.finalizers ?? []).length === 0) store(path, 'DELETED', before);
    else if (before.metadata.deletionTimestamp === undefined) {
      store(path, 'MODIFIED', { ...before, metadata: { ...before.metadata, deletionTimestamp: new Date().toISOString() } });
    }
    return answer(200, { kind: 'Status', status: 'Success' });
  }

  function list(within: RegExp): FetchResponse {
    return answer(200, { metadata: { resourceVersion: String(version) }, items: [...objects].filter(([at]) => within.test(at)).map(([, object]) => object) });
  }

  function toObject(method: string, path: string, input: Input, { subresource, applied }: { subresource: string | undefined; applied: boolean }): FetchResponse {
    const before = objects.get(path);
    if (!before) return method === 'PATCH' && applied && subresource === undefined ? create(path, input) : refuse(404, 'NotFound');
    if (method === 'GET') return answer(200, before);
    return method === 'DELETE' ? remove(path, before, input.preconditions) : change(path, before, input, subresource);
  }

  const fetch: Fetch = async (url, { method, body, signal }) => {
    await Promise.resolve();
    const { pathname, searchParams } = new URL(url);
    const { base, namespace, plural, name, subresource } = collection.exec(pathname)?.groups ?? {};
    if (base === undefined || plural === undefined) return refuse(404, 'NotFound');
    const input = JSON.parse(body ?? '{}') as Input;
    const folder = `${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
    if (name !== undefined) return toObject(method, `${folder}/${name}`, input, { subresource, applied: searchParams.has('force') });
    if (method === 'POST') return create(`${folder}/${input.metadata.name}`, input);
    const within = new RegExp(`^${base}(/namespaces/${namespace ?? '[^/]+'})?/${plural}/`);
    return searchParams.has('watch') ? watch(within, Number(searchParams.get('resourceVersion')), signal) : list(within);
  };
  return { fetch, objects, watches: () => watchers.size, compact: () => void (oldest = ++version) };
}
