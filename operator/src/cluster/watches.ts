import type { Informer, KubernetesObject, Machine, Ref, Watch } from '@guildhall/kubernetes';
import type { Member, Node } from '@guildhall/resources';

/** A watch whose functions know its kind. `reads` says what counts besides the spec of a kind that counts its generations. */
export const on = <T extends KubernetesObject>(informer: Informer<T>, map: (object: T) => Ref[], reads?: (object: T) => unknown): Watch<T> => ({
  informer,
  map,
  ...(reads === undefined ? {} : { reads }),
});

export const nothingOfStatus = (): unknown => undefined;
export const authoritiesOf = ({ status }: Member): unknown => status?.certificateAuthority;
/** A machine's generation stands still, whatever becomes of its spec. */
export const isCordoned = ({ spec }: Machine): boolean => spec?.unschedulable === true;
/** Where others reach the node. */
export const endpointsOf = ({ status }: Node): unknown => [status?.endpoint, status?.adminEndpoint, status?.operationsEndpoint];

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
