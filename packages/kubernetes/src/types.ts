/** Shapes that every Kubernetes object shares, as they are on the wire (JSON). */

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  /** Absent for cluster-scoped kinds. */
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  /** Counts changes of the spec; status writes leave it alone. */
  generation?: number;
  /** RFC 3339. */
  creationTimestamp?: string;
  /** RFC 3339; present while the object waits for its finalizers. */
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Names one object of a kind that is known from the context. */
export interface Ref {
  namespace?: string;
  name: string;
}

/** Names a kind on the wire; `T` is its TypeScript shape. `group` is empty for the core group. */
export interface ResourceType<T extends KubernetesObject> {
  group: string;
  version: string;
  kind: string;
  /** As in the URL, lower case. */
  plural: string;
  namespaced: boolean;
  /** Never present: it only carries `T`. */
  readonly object?: T;
}

/** metav1.Condition. */
export interface Condition<Type extends string = string, Reason extends string = string> {
  type: Type;
  status: 'True' | 'False' | 'Unknown';
  /** CamelCase. */
  reason: Reason;
  message: string;
  observedGeneration?: number;
  /** RFC 3339; changes only when `status` does. */
  lastTransitionTime: string;
}

/** Every field optional, at every depth: what server-side apply takes. */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? DeepPartial<Item>[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;

/** The fields of an object that its applier wants to own. apiVersion and kind come from the ResourceType. */
export type Applied<T extends KubernetesObject> = { [Key in Exclude<keyof T, 'metadata'>]?: DeepPartial<T[Key]> } & { metadata: ObjectMeta };

export const apiVersionOf = (type: Pick<ResourceType<KubernetesObject>, 'group' | 'version'>): string =>
  type.group === '' ? type.version : `${type.group}/${type.version}`;

/** `namespace/name`, or `name` for cluster-scoped kinds: the key of queues and caches. */
export const keyOf = (ref: Ref): string => (ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`);

export function refOfKey(key: string): Ref {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export const refOf = (object: KubernetesObject): Ref =>
  object.metadata.namespace === undefined
    ? { name: object.metadata.name }
    : { namespace: object.metadata.namespace, name: object.metadata.name };
