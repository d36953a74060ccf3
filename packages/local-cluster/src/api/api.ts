import { refusal } from '../access/access.ts';
import type { PodLogRequest, Principal } from '../cluster.ts';
import type { Json } from '../json.ts';
import type { StoredObject } from '../store/store.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Call, DeleteOptions, WriteOptions } from './call.ts';
import { servedKind, type ApiContext } from './context.ts';
import type { Deleted } from './deletion.ts';
import { methodNotAllowed, noSuchResource, unavailable } from './failure.ts';
import type { Kind } from './kind.ts';
import { getObject, listObjects, type ListOptions, type Page } from './reads.ts';
import { openWatch, type Watch, type WatchItem, type WatchOptions } from './watch.ts';
import { createWrites, type Written } from './writes.ts';

/** What a request names, before it is known whether there is such a thing. */
export interface Target {
  group: string;
  version: string;
  plural: string;
  namespace: string;
  name: string;
  subresource: string;
}

/** The verbs, each refused to whom no rule allows it. Rejects with ApiFailure. */
export interface Api {
  call(principal: Principal, target: Target): Call;
  get(call: Call): StoredObject;
  list(call: Call, options: ListOptions): Page;
  watch(call: Call, options: WatchOptions, deliver: (items: WatchItem[]) => void): Watch;
  log(call: Call, options: Omit<PodLogRequest, 'namespace' | 'name'>): AsyncIterable<Uint8Array>;
  create(call: Call, body: Json, options: WriteOptions): Promise<Written>;
  mergePatch(call: Call, patch: Json, options: WriteOptions): Promise<Written>;
  apply(call: Call, config: Json, options: WriteOptions & { force: boolean }): Promise<Written>;
  delete(call: Call, options: DeleteOptions): Promise<Deleted>;
}

/** A client may try again after this time. */
const retryAfterSeconds = 1;

export function createApi(context: ApiContext): Api {
  const writes = createWrites(context);

  function allow(call: Call, verb: string): void {
    // A namespace is in itself.
    const namespace = call.kind.group === '' && call.kind.plural === 'namespaces' ? call.name : call.namespace;
    const refused = refusal({ ...call, namespace, verb });
    if (refused) throw refused;
  }

  async function durable<T>(written: Promise<T>): Promise<T> {
    try {
      return await written;
    } catch (error) {
      throw error instanceof StoreUnavailable ? unavailable(error.message, retryAfterSeconds) : error;
    }
  }

  return {
    call(principal, { group, version, plural, ...rest }) {
      const kind = servedKind(context, group === '' ? plural : `${plural}.${group}`);
      if (!kind || kind.version !== version || !hasPlace(kind, rest)) throw noSuchResource();
      return { principal, kind, ...rest };
    },
    get(call) {
      allow(call, 'get');
      return getObject(context, call);
    },
    list(call, options) {
      allow(call, 'list');
      return listObjects(context, call, options);
    },
    watch(call, options, deliver) {
      allow(call, 'watch');
      return openWatch(context, call, options, deliver);
    },
    log(call, options) {
      allow(call, 'get');
      getObject(context, call);
      return context.ports.podLog({ namespace: call.namespace, name: call.name, ...options });
    },
    async create(call, body, options) {
      allow(call, 'create');
      if (call.name !== '') throw methodNotAllowed(call.kind, 'create');
      return durable(writes.create(call, body, options));
    },
    async mergePatch(call, patch, options) {
      allow(call, 'patch');
      return durable(writes.mergePatch(call, patch, options));
    },
    async apply(call, config, options) {
      allow(call, 'patch');
      return durable(writes.apply(call, config, { ...options, mayCreate: () => allow(call, 'create') }));
    },
    async delete(call, options) {
      allow(call, 'delete');
      if (call.name === '' || call.subresource !== '') throw methodNotAllowed(call.kind, 'delete');
      if (call.kind.plural === 'customresourcedefinitions') throw methodNotAllowed(call.kind, 'delete');
      return durable(writes.delete(call, options));
    },
  };
}

function hasPlace(kind: Kind, { namespace, name, subresource }: Omit<Target, 'group' | 'version' | 'plural'>): boolean {
  if (!kind.namespaced && namespace !== '') return false;
  if (kind.namespaced && namespace === '' && name !== '') return false;
  if (subresource === 'status') return kind.hasStatus;
  return subresource === '' || (subresource === 'log' && kind.group === '' && kind.plural === 'pods');
}
