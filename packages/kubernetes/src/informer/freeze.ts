import type { KubernetesObject } from '../types.ts';

function freezeDeeply(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const child of Object.values(value)) freezeDeeply(child);
}

/**
 * An object as caches hold it: without managedFields (often half of its size, and of no use to a controller) and frozen, because everyone who
 * reads the cache gets the same one.
 */
export function cached<T extends KubernetesObject>(object: T): T {
  Reflect.deleteProperty(object.metadata, 'managedFields');
  freezeDeeply(object);
  return object;
}
