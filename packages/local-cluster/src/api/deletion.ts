import { isObject, listOr, objectOr, textOr, type Json, type JsonObject } from '../json.ts';
import type { StoredObject, Transaction } from '../store/store.ts';
import type { DeleteOptions } from './call.ts';
import { badRequest, preconditionFailed, qualified } from './failure.ts';
import type { Kind } from './kind.ts';
import { metadataOf } from './prepare.ts';

/** What deletion needs to know besides the objects. */
export interface DeletionContext {
  transaction: Transaction;
  time: string;
  /** The kind that is stored as this resource. */
  kindOf: (resource: string) => Kind | undefined;
}

/** The last form of what is gone, or what is left, marked, until its finalizers or its pod's end. */
export type Deleted = { gone: true; object: StoredObject } | { gone: false; object: StoredObject };

const finalizersOf = (object: JsonObject): Json[] => listOr(metadataOf(object)['finalizers']);
const isMarked = (object: JsonObject): boolean => metadataOf(object)['deletionTimestamp'] !== undefined;

function refusePreconditions(kind: Kind, object: StoredObject, { preconditions = {} }: DeleteOptions): void {
  const { uid, resourceVersion, name } = metadataOf(object);
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw preconditionFailed(kind, textOr(name), `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${textOr(uid)}). The object might have been deleted and then recreated`);
  }
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw preconditionFailed(kind, textOr(name), `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${textOr(resourceVersion)}). The object might have been modified`);
  }
}

/** Seconds that a pod is given to end; 0: nobody runs it. */
function gracePeriod(kind: Kind, object: StoredObject, asked: number | undefined): number {
  if (kind.group !== '' || kind.plural !== 'pods') return 0;
  const spec = objectOr(object['spec']);
  const phase = objectOr(object['status'])['phase'];
  if (!spec['nodeName'] || phase === 'Succeeded' || phase === 'Failed') return 0;
  return asked ?? Number(spec['terminationGracePeriodSeconds'] ?? 30);
}

/** Deletes an object as the options ask, with what depends on it. */
export function deleteObject(context: DeletionContext, kind: Kind, object: StoredObject, options: DeleteOptions): Deleted {
  refusePreconditions(kind, object, options);
  const policy = options.propagationPolicy ?? 'Background';
  if (policy !== 'Background') throw badRequest(`propagationPolicy ${JSON.stringify(policy)} is not supported by the local cluster; use "Background"`);
  const seconds = gracePeriod(kind, object, options.gracePeriodSeconds);
  const waits = finalizersOf(object).length > 0 || seconds > 0 || isNamespaceInUse(context, kind, object);
  if (!waits) return { gone: true, object: removeObject(context, kind, object) };
  if (isMarked(object)) return { gone: false, object: withoutGrace(context, kind, object, seconds) };
  const marked = mark(context, kind, object, seconds);
  if (isNamespace(kind)) emptyNamespace(context, textOr(metadataOf(object)['name']));
  return { gone: false, object: context.transaction.get(qualified(kind), textOr(metadataOf(object)['namespace']), textOr(metadataOf(object)['name'])) ?? marked };
}

function mark({ transaction, time }: DeletionContext, kind: Kind, object: StoredObject, seconds: number): StoredObject {
  const metadata = metadataOf(object);
  const deletion = new Date(Date.parse(time) + seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
  return transaction.put(qualified(kind), {
    ...object,
    ...(isNamespace(kind) ? { status: { ...objectOr(object['status']), phase: 'Terminating' } } : {}),
    metadata: {
      ...metadata, deletionTimestamp: deletion, deletionGracePeriodSeconds: seconds,
      ...(kind.hasGeneration ? { generation: Number(metadata['generation'] ?? 0) + 1 } : {}),
    },
  });
}

/** Who runs a pod says that it has ended; from then on only finalizers hold it. */
function withoutGrace({ transaction }: DeletionContext, kind: Kind, object: StoredObject, seconds: number): StoredObject {
  const metadata = metadataOf(object);
  if (seconds > 0 || Number(metadata['deletionGracePeriodSeconds'] ?? 0) === 0) return object;
  return transaction.put(qualified(kind), { ...object, metadata: { ...metadata, deletionGracePeriodSeconds: 0 } });
}

/** Ends an object that waited, when nothing holds it any more. Returns what is left of it. */
export function finishDeletion(context: DeletionContext, kind: Kind, object: StoredObject): Deleted {
  const grace = Number(metadataOf(object)['deletionGracePeriodSeconds'] ?? 0);
  if (!isMarked(object) || finalizersOf(object).length > 0 || grace > 0 || isNamespaceInUse(context, kind, object)) return { gone: false, object };
  return { gone: true, object: removeObject(context, kind, object) };
}

function removeObject(context: DeletionContext, kind: Kind, object: StoredObject): StoredObject {
  const metadata = metadataOf(object);
  const namespace = textOr(metadata['namespace']);
  const removed = context.transaction.remove(qualified(kind), namespace, textOr(metadata['name']));
  for (const dependent of dependentsOf(context, object)) releaseDependent(context, dependent);
  if (namespace !== '') endNamespace(context, namespace);
  return removed;
}

interface Dependent {
  kind: Kind;
  object: StoredObject;
}

/** Objects that name `owner` as an owner. Owners have their dependents in their own namespace, or are cluster-scoped. */
function dependentsOf({ transaction, kindOf }: DeletionContext, owner: StoredObject): Dependent[] {
  const { uid, namespace } = metadataOf(owner);
  return transaction.resources().flatMap((resource) => {
    const kind = kindOf(resource);
    if (!kind) return [];
    return transaction
      .list(resource, namespace === undefined ? undefined : textOr(namespace))
      .filter((object) => ownersOf(object).some((reference) => reference['uid'] === uid))
      .map((object) => ({ kind, object }));
  });
}

const ownersOf = (object: StoredObject): JsonObject[] => listOr(metadataOf(object)['ownerReferences']).filter(isObject);

/** An object lives as long as one of its owners does. */
function releaseDependent(context: DeletionContext, { kind, object }: Dependent): void {
  const { transaction } = context;
  const { namespace, name } = metadataOf(object);
  const current = transaction.get(qualified(kind), textOr(namespace), textOr(name));
  if (!current) return;
  const living = ownersOf(current).filter((reference) => ownerLives(context, textOr(namespace), reference));
  if (living.length > 0) transaction.put(qualified(kind), { ...current, metadata: { ...metadataOf(current), ownerReferences: living } });
  else deleteObject(context, kind, current, {});
}

function ownerLives({ transaction, kindOf }: DeletionContext, namespace: string, reference: JsonObject): boolean {
  return transaction.resources().some((resource) => {
    const kind = kindOf(resource);
    if (!kind || kind.kind !== reference['kind']) return false;
    return metadataOf(transaction.get(resource, kind.namespaced ? namespace : '', textOr(reference['name'])) ?? {})['uid'] === reference['uid'];
  });
}

/** Whether an object names owners, none of which exists: it must not stay. */
export function isAbandoned(context: DeletionContext, object: StoredObject): boolean {
  const owners = ownersOf(object);
  return owners.length > 0 && owners.every((reference) => !ownerLives(context, textOr(metadataOf(object)['namespace']), reference));
}

const isNamespace = (kind: Kind): boolean => kind.group === '' && kind.plural === 'namespaces';

const contentOf = ({ transaction, kindOf }: DeletionContext, namespace: string): Dependent[] =>
  transaction.resources().flatMap((resource) => {
    const kind = kindOf(resource);
    return kind?.namespaced ? transaction.list(resource, namespace).map((object) => ({ kind, object })) : [];
  });

const isNamespaceInUse = (context: DeletionContext, kind: Kind, object: StoredObject): boolean =>
  isNamespace(kind) && contentOf(context, textOr(metadataOf(object)['name'])).length > 0;

/** Deletes all that is in a namespace; what has finalizers or runs stays until these are done, and the namespace with it. */
function emptyNamespace(context: DeletionContext, namespace: string): void {
  for (const { kind, object } of contentOf(context, namespace)) {
    const { name } = metadataOf(object);
    const current = context.transaction.get(qualified(kind), namespace, textOr(name));
    if (current) deleteObject(context, kind, current, {});
  }
}

/** The last object to leave a namespace that is being deleted takes the namespace with it. */
function endNamespace(context: DeletionContext, name: string): void {
  const namespace = context.transaction.get('namespaces', '', name);
  const kind = context.kindOf('namespaces');
  if (namespace && kind) finishDeletion(context, kind, namespace);
}
