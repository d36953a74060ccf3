import { apiVersionOf, type KubernetesObject, type Ref, type ResourceType } from '../types.ts';

type Query = Record<string, string | number | boolean | undefined>;

interface Place {
  namespace?: string | undefined;
  /** Absent: the collection. */
  name?: string;
  subresource?: string | undefined;
}

/** The path of a collection, an object or a subresource, with its query. Absent query values are left out. */
export function pathOf<T extends KubernetesObject>(
  type: ResourceType<T>,
  { namespace, name, subresource }: Place,
  query: Query = {},
  { toCollection = false } = {},
): string {
  if (name !== undefined && type.namespaced !== (namespace !== undefined)) {
    throw new TypeError(`${type.kind} ${name} ${type.namespaced ? 'needs a namespace' : 'is cluster-scoped: leave the namespace out'}`);
  }
  const segments = [type.group === '' ? 'api' : 'apis', ...apiVersionOf(type).split('/')];
  if (namespace !== undefined) segments.push('namespaces', namespace);
  segments.push(type.plural);
  if (name !== undefined && !toCollection) segments.push(name);
  if (subresource !== undefined) segments.push(subresource);
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const suffix = search.size === 0 ? '' : `?${search.toString()}`;
  return `/${segments.map(encodeURIComponent).join('/')}${suffix}`;
}

/** A call in words, for errors and logs. */
export const callInWords = <T extends KubernetesObject>(verb: string, type: ResourceType<T>, ref: Partial<Ref> = {}): string =>
  [verb, type.kind, [ref.namespace, ref.name].filter((part) => part !== undefined).join('/')].filter((part) => part !== '').join(' ');
