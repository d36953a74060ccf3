import { apiErrorOf, type Status, TransportError } from '../errors.ts';
import { apiVersionOf, type KubernetesObject, type ResourceType } from '../types.ts';

export type WatchEvent<T extends KubernetesObject> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  /** Nothing changed up to this version: a watch may be resumed from it. */
  | { type: 'BOOKMARK'; resourceVersion: string };

type Raw = { type: string; object: { metadata?: { resourceVersion?: string; name?: string } } & Status };

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && 'type' in value && 'object' in value && typeof value.object === 'object' && value.object !== null;

/** One line of a watch. ERROR events become the ApiError that they carry (410 when the version is too old). */
export function watchEventOf<T extends KubernetesObject>(type: ResourceType<T>, line: string, words: string): WatchEvent<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    throw new TransportError('BadResponse', `${words}: a line of the stream is not JSON`, { cause });
  }
  if (!isRaw(raw)) throw new TransportError('BadResponse', `${words}: a line of the stream is not a watch event`);
  if (raw.type === 'ERROR') throw apiErrorOf(raw.object.code ?? 500, raw.object, words);
  const resourceVersion = raw.object.metadata?.resourceVersion;
  if (resourceVersion === undefined) throw new TransportError('BadResponse', `${words}: a watch event has no resourceVersion`);
  if (raw.type === 'BOOKMARK') return { type: 'BOOKMARK', resourceVersion };
  if (raw.type !== 'ADDED' && raw.type !== 'MODIFIED' && raw.type !== 'DELETED') {
    throw new TransportError('BadResponse', `${words}: unknown watch event ${raw.type}`);
  }
  return { type: raw.type, object: typed(type, raw.object) };
}

/** The wire boundary: what the server's schema vouches for gets its type, and the apiVersion and kind that lists leave out of their items. */
export function typed<T extends KubernetesObject>(type: ResourceType<T>, object: object): T {
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...object } as T;
}
