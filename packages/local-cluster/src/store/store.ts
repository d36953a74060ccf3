import type { JsonObject } from '../json.ts';

/** An object as stored: frozen, with `metadata.resourceVersion`. */
export type StoredObject = JsonObject;

/** One write: `object` is undefined when it removes. */
export interface Change {
  /** `plural` or `plural.group`. */
  resource: string;
  namespace: string;
  name: string;
  revision: number;
  object: StoredObject | undefined;
}

/** Changes that become durable together; they bring the store from revision `from` to `to`. */
export interface Batch {
  from: number;
  to: number;
  changes: readonly Change[];
}

export interface Snapshot {
  revision: number;
  objects: { resource: string; namespace: string; name: string; object: StoredObject }[];
}

/** Where changes are kept beyond the process. */
export interface Journal {
  load(): Promise<Snapshot>;
  /** All or nothing. When it throws, whether the batch is kept is unknown until `revision` answers. */
  append(batch: Batch): Promise<void>;
  /** The revision up to which changes are kept. */
  revision(): Promise<number>;
}

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  revision: number;
  /** What it is now; for DELETED its last form with the revision of the deletion. */
  object: StoredObject;
  previous: StoredObject | undefined;
}

/** What a transaction sees and does: everything written so far, durable or not. */
export interface Transaction {
  get(resource: string, namespace: string, name: string): StoredObject | undefined;
  list(resource: string, namespace?: string): StoredObject[];
  resources(): string[];
  /** Gives the object its resourceVersion. */
  put(resource: string, object: JsonObject): StoredObject;
  remove(resource: string, namespace: string, name: string): StoredObject;
}

export interface Store {
  /** Of what can be read now. */
  revision(): number;
  get(resource: string, namespace: string, name: string): StoredObject | undefined;
  /** In the order of namespace and name. */
  list(resource: string, namespace?: string): StoredObject[];
  /** As `list`, at an earlier revision; undefined when history no longer reaches back so far. */
  listAt(resource: string, revision: number, namespace?: string): StoredObject[] | undefined;
  resources(): string[];
  /**
   * Runs `work` at once, without interleaving; resolves when what it wrote is durable and visible. When it throws,
   * nothing is written. When the journal fails, rejects with StoreUnavailable.
   */
  write<T>(work: (transaction: Transaction) => T): Promise<T>;
  /** Events after `revision`, oldest first; undefined when history no longer reaches back so far. */
  eventsSince(resource: string, revision: number): StoreEvent[] | undefined;
  /** `listener` is called in the tick in which a change of the resource becomes visible. */
  subscribe(resource: string, listener: () => void): () => void;
  /** Forgets history up to the current revision: whoever watches from before must list again. */
  compact(): void;
}

/** The journal is away; nothing was written that can be seen. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the database of the local cluster does not answer; reads go on, writes must be repeated', { cause });
    this.name = 'StoreUnavailable';
  }
}

/** Another process wrote to the journal: this one no longer knows the truth and must end. */
export class JournalForked extends Error {
  constructor(expected: number, found: number) {
    super(`another process writes to the database of this local cluster: expected revision ${expected}, found ${found}; stop one of them`);
    this.name = 'JournalForked';
  }
}
