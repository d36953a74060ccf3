import type { KubernetesClient } from './client/api.ts';
import { isNotFound } from './errors.ts';
import { type KubernetesObject, refOf, type ResourceType } from './types.ts';

export const isDeleting = (object: KubernetesObject): boolean => object.metadata.deletionTimestamp !== undefined;

export const hasFinalizer = (object: KubernetesObject, finalizer: string): boolean => object.metadata.finalizers?.includes(finalizer) === true;

type Patcher = Pick<KubernetesClient, 'mergePatch'>;

/** A merge patch replaces the whole list, so it holds only for the version it was made from: otherwise another's finalizer could be lost. */
function setFinalizers<T extends KubernetesObject>(client: Patcher, type: ResourceType<T>, object: T, finalizers: string[]): Promise<T> {
  const { resourceVersion, uid } = object.metadata;
  return client.mergePatch(type, refOf(object), { metadata: { finalizers, resourceVersion, uid } });
}

/**
 * To be called before the first thing outside is made. Writes only when the finalizer is missing and the object is not being deleted (the API
 * server would refuse); gives the object as it is then. A conflict means that the cache was behind: the reconcile is repeated.
 */
export async function ensureFinalizer<T extends KubernetesObject>(client: Patcher, type: ResourceType<T>, object: T, finalizer: string): Promise<T> {
  if (hasFinalizer(object, finalizer) || isDeleting(object)) return object;
  return setFinalizers(client, type, object, [...(object.metadata.finalizers ?? []), finalizer]);
}

/** The last step of cleaning up. An object that is gone by now needs no more. */
export async function removeFinalizer<T extends KubernetesObject>(client: Patcher, type: ResourceType<T>, object: T, finalizer: string): Promise<void> {
  if (!hasFinalizer(object, finalizer)) return;
  const others = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  try {
    await setFinalizers(client, type, object, others);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
