import { services } from '@guildhall/kubernetes';
import { equals, isObject, mergePatch, objectOr, textOr, type Json, type JsonObject } from '../json.ts';
import type { StoredObject, Transaction } from '../store/store.ts';
import type { Call, DeleteOptions, WriteOptions } from './call.ts';
import { definitions, typed, type ApiContext } from './context.ts';
import { deleteObject, finishDeletion, isAbandoned, type Deleted, type DeletionContext } from './deletion.ts';
import { alreadyExists, badRequest, conflict, forbidden, notFound, qualified } from './failure.ts';
import { applied, identified, known, metadataOf, prepareCreate, prepareUpdate, type Moment } from './prepare.ts';

export interface Written {
  object: StoredObject;
  created: boolean;
}

export interface Writes {
  create(call: Call, body: Json, options: WriteOptions): Promise<Written>;
  mergePatch(call: Call, patch: Json, options: WriteOptions): Promise<Written>;
  apply(call: Call, config: Json, options: WriteOptions & { force: boolean; mayCreate(): void }): Promise<Written>;
  delete(call: Call, options: DeleteOptions): Promise<Deleted>;
}

export function createWrites(context: ApiContext): Writes {
  const { store, ids, now } = context;

  const deletion = (transaction: Transaction): DeletionContext => ({
    transaction,
    time: now(),
    kindOf: (resource) => context.kindOf(resource, (name) => transaction.get(definitions, '', name)),
  });
  const moment = (): Moment => ({ time: now(), uid: ids.uid() });

  function current(transaction: Transaction, { kind, namespace, name }: Call): StoredObject {
    const object = transaction.get(qualified(kind), namespace, name);
    if (!object) throw notFound(kind, name);
    return object;
  }

  function refuseMissingNamespace(transaction: Transaction, { kind, namespace }: Call, name: string): void {
    if (!kind.namespaced) return;
    const found = transaction.get('namespaces', '', namespace);
    if (!found) throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
    if (metadataOf(found)['deletionTimestamp'] === undefined) return;
    throw forbidden(kind, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ]);
  }

  /** What names only owners that are gone already is collected at once, as the garbage collector would do soon after. */
  function collect(transaction: Transaction, { kind }: Call, object: StoredObject): void {
    const collection = deletion(transaction);
    if (isAbandoned(collection, object)) deleteObject(collection, kind, object, {});
  }

  function add(transaction: Transaction, call: Call, object: JsonObject): Written {
    const { kind } = call;
    const admitted = kind.admit?.(object, {
      usedAddresses: () => new Set(transaction.list('services').map((service) => textOr(objectOr(service['spec'])['clusterIP']))),
      allocateClusterIP: (service, used) => context.ports.allocateClusterIP(typed(services, service), used),
    }) ?? object;
    const stored = transaction.put(qualified(kind), admitted);
    collect(transaction, call, stored);
    return { object: stored, created: true };
  }

  function change(transaction: Transaction, call: Call, old: StoredObject, next: JsonObject): Written {
    if (next === old) return { object: old, created: false };
    const stored = transaction.put(qualified(call.kind), next);
    const { gone, object } = finishDeletion(deletion(transaction), call.kind, stored);
    if (!gone && !equals(metadataOf(next)['ownerReferences'], metadataOf(old)['ownerReferences'])) collect(transaction, call, stored);
    return { object, created: false };
  }

  function named(body: JsonObject): JsonObject {
    const metadata = metadataOf(body);
    const prefix = textOr(metadata['generateName']);
    if (textOr(metadata['name']) !== '' || prefix === '') return body;
    return { ...body, metadata: { ...metadata, name: `${prefix.slice(0, 58)}${ids.suffix()}` } };
  }

  return {
    create: (call, body, options) =>
      store.write((transaction) => {
        const { kind, namespace } = call;
        const object = named(known(kind, identified(call, body), options));
        const name = textOr(metadataOf(object)['name']);
        refuseMissingNamespace(transaction, call, name);
        const prepared = prepareCreate(kind, object, options, moment());
        if (transaction.get(qualified(kind), namespace, name)) throw alreadyExists(kind, name);
        return add(transaction, call, prepared);
      }),

    mergePatch: (call, patch, options) =>
      store.write((transaction) => {
        if (!isObject(patch)) throw badRequest('a merge patch must be an object');
        const old = current(transaction, call);
        const merged = { ...objectOr(mergePatch(old, patch)) };
        // Only what the patch itself says about the version is a precondition.
        const version = objectOr(patch['metadata'])['resourceVersion'];
        const metadata: JsonObject = { ...metadataOf(merged), resourceVersion: version ?? metadataOf(old)['resourceVersion'] ?? null };
        const body = known(call.kind, identified(call, { ...merged, metadata }), options, old);
        return change(transaction, call, old, prepareUpdate(call, old, body, options, moment()));
      }),

    apply: (call, config, options) =>
      store.write((transaction) => {
        const { kind, namespace, name, subresource } = call;
        const body = identified(call, config);
        const live = transaction.get(qualified(kind), namespace, name);
        if (!live && subresource !== '') throw notFound(kind, name);
        if (!live) {
          options.mayCreate();
          const uid = textOr(metadataOf(body)['uid']);
          if (uid !== '') throw conflict(kind, name, `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`);
          refuseMissingNamespace(transaction, call, name);
        }
        const at = moment();
        const { object, managers } = applied(call, live, body, options, at);
        if (!live) return add(transaction, call, prepareCreate(kind, object, options, at, managers));
        return change(transaction, call, live, prepareUpdate(call, live, object, options, at, managers));
      }),

    delete: (call, options) =>
      store.write((transaction) => deleteObject(deletion(transaction), call.kind, current(transaction, call), options)),
  };
}
