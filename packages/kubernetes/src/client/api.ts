import type { Clock } from '../clock.ts';
import type { Applied, KubernetesObject, ObjectMeta, Ref, ResourceType } from '../types.ts';
import type { Fetch } from './fetch.ts';
import type { CallOutcome } from './transport.ts';
import type { WatchEvent } from './watch-events.ts';

export interface ListOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Objects per page; all pages are read. */
  limit?: number;
  signal?: AbortSignal;
}

export interface WatchOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  resourceVersion: string;
  allowWatchBookmarks?: boolean;
  timeoutSeconds?: number;
  /** Told when the server has begun to answer; the first event may come long after. */
  onOpen?: (() => void) | undefined;
  signal: AbortSignal;
}

export interface DeleteOptions {
  /** Preconditions: a conflict when the object is another one, or has changed since it was read. */
  uid?: string | undefined;
  resourceVersion?: string | undefined;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export interface LogOptions {
  container?: string;
  tailLines?: number;
  follow?: boolean;
  /** Of the process before the present one; an ApiError of status 400 when there was none. */
  previous?: boolean;
  /** Bytes: what a longer line has beyond is left out. Without it, a line that would grow the memory without end is an error. */
  cutLinesAt?: number;
  signal?: AbortSignal;
}

export interface ObjectList<T> {
  items: T[];
  resourceVersion: string;
}

/** Everything rejects with ApiError (the server's answer) or TransportError (no usable answer). */
export interface KubernetesClient {
  /** undefined when there is no such object. */
  get<T extends KubernetesObject>(type: ResourceType<T>, ref: Ref): Promise<T | undefined>;
  /** A consistent read of all pages. */
  list<T extends KubernetesObject>(type: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>;
  create<T extends KubernetesObject>(type: ResourceType<T>, object: Applied<T>): Promise<T>;
  /**
   * Server-side apply as this client's field manager: the fields given become its own, those it owned and no longer gives are removed.
   * A uid or resourceVersion in the metadata is a precondition. A `status` is left out: see applyStatus.
   */
  apply<T extends KubernetesObject>(type: ResourceType<T>, object: Applied<T>, options?: { force?: boolean }): Promise<T>;
  /** The same for the status subresource; of the metadata only namespace, name and uid count. */
  applyStatus<T extends KubernetesObject>(
    type: ResourceType<T>,
    object: { metadata: ObjectMeta; status: object },
    options?: { force?: boolean; fieldManager?: string },
  ): Promise<T>;
  /** JSON merge patch (RFC 7386). `metadata.resourceVersion` in the patch makes it conditional. */
  mergePatch<T extends KubernetesObject>(type: ResourceType<T>, ref: Ref, patch: object, options?: { subresource?: string }): Promise<T>;
  /** No error when the object is gone already. Without uid, whatever has the name is deleted. */
  delete<T extends KubernetesObject>(type: ResourceType<T>, ref: Ref, options?: DeleteOptions): Promise<void>;
  /** Ends when the server closes it; rejects with isGone(error) when the version is too old. Never retried inside: informers do that. */
  watch<T extends KubernetesObject>(type: ResourceType<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Lines of a container's log. */
  podLog(ref: Ref, options?: LogOptions): AsyncIterable<string>;
  /** The same client, all of whose calls end when the signal is aborted. */
  withSignal(signal: AbortSignal): KubernetesClient;
  /** Ends open connections. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** `https://host:port` or `http://…`. */
  server: string;
  token?: string | undefined;
  /** Read again every minute and after a 401. */
  tokenFile?: string | undefined;
  /** PEM; the system's roots without it. */
  certificateAuthority?: string | undefined;
  /** Owner of the fields this client applies: one per component. */
  fieldManager: string;
  fetch?: Fetch | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  /** Of one attempt of one call; default 30 s. */
  timeoutMs?: number | undefined;
  /** Of a call that may be repeated; default 5. */
  attempts?: number | undefined;
  /** For metrics; see createMetrics. */
  onCall?: ((outcome: CallOutcome) => void) | undefined;
}
