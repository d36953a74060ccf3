import type { KubernetesObject } from '../types.ts';

/** Index functions for `createInformer({ indexes })`. */

/** By the uid of each owner. */
export const byOwner = (object: KubernetesObject): string[] => (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);

/** By the value of a label. */
export const byLabel =
  (label: string) =>
  (object: KubernetesObject): string[] => {
    const value = object.metadata.labels?.[label];
    return value === undefined ? [] : [value];
  };
