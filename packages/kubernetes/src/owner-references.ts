import type { KubernetesObject, OwnerReference } from './types.ts';

/** A controller reference: the garbage collector deletes the owned object after this one. */
export function ownerReference(owner: KubernetesObject): OwnerReference {
  const { name, uid } = owner.metadata;
  if (uid === undefined) throw new TypeError(`${owner.kind} ${name} has no uid: own with an object that was read from the API server`);
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/**
 * The object with its owner. Refuses an owner in another namespace: the garbage collector would not find it and delete the object at once.
 * Across namespaces a finalizer cleans up.
 */
export function ownedBy<T extends { metadata: KubernetesObject['metadata'] }>(owner: KubernetesObject, object: T): T {
  const { namespace, name } = object.metadata;
  if (owner.metadata.namespace !== undefined && owner.metadata.namespace !== namespace) {
    throw new TypeError(
      `${owner.kind} ${owner.metadata.namespace}/${owner.metadata.name} cannot own ${namespace ?? '(cluster)'}/${name}: owners live in the same namespace`,
    );
  }
  const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  return { ...object, metadata: { ...object.metadata, ownerReferences: [...others, ownerReference(owner)] } };
}

/** The reference to the controller of an object, if it has one. */
export const controllerOf = (object: KubernetesObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find(({ controller }) => controller === true);

export const isOwnedBy = (object: KubernetesObject, owner: KubernetesObject): boolean =>
  owner.metadata.uid !== undefined && (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
