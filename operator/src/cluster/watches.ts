import type { Informer, KubernetesObject, Ref, Watch } from '@guildhall/kubernetes';

/** A watch whose map function knows its kind. */
export const on = <T extends KubernetesObject>(informer: Informer<T>, map: (object: T) => Ref[]): Watch<T> => ({ informer, map });

/** The owner of this kind, in the object's namespace. */
export const ownersOf =
  (kind: string) =>
  ({ metadata: { ownerReferences = [], namespace = '' } }: KubernetesObject): Ref[] =>
    ownerReferences.filter((owner) => owner.kind === kind).map(({ name }) => ({ namespace, name }));

/** The object that a label names, in the object's namespace. */
export const labelled =
  (label: string) =>
  ({ metadata: { labels, namespace = '' } }: KubernetesObject): Ref[] => {
    const name = labels?.[label];
    return name === undefined ? [] : [{ namespace, name }];
  };
