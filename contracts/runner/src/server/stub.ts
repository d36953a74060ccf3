/** What the runner uses of fabric-shim's ChaincodeStub. */
export interface PeerStub {
  getStringArgs(): string[];
  getCreator(): { readonly mspid: string; readonly idBytes: Uint8Array };
  getTxTimestamp(): { readonly seconds: { toNumber(): number }; readonly nanos: number };
  getTxID(): string;
  getChannelID(): string;
  getState(key: string): Promise<Uint8Array>;
  putState(key: string, value: Uint8Array): Promise<unknown>;
  deleteState(key: string): Promise<unknown>;
  getStateByRangeWithPagination(start: string, end: string, pageSize: number, bookmark: string): Promise<PagedQuery>;
  getHistoryForKey(key: string): Promise<PeerIterator<HistoryEntry>>;
  setEvent(name: string, payload: Uint8Array): void;
}

export interface PeerIterator<T> {
  next(): Promise<{ readonly value?: T; readonly done?: boolean }>;
  close(): Promise<unknown>;
}

export interface PagedQuery {
  readonly iterator: PeerIterator<{ readonly key: string; readonly value: Uint8Array }>;
  readonly metadata?: { readonly bookmark: string };
}

export interface HistoryEntry {
  readonly txId: string;
  readonly value: Uint8Array;
  readonly isDelete: boolean;
  readonly timestamp: { readonly seconds: number; readonly nanos: number };
}

export interface ChaincodeResponse {
  readonly status: number;
  readonly message?: string;
  readonly payload?: Uint8Array;
}

/** A transaction's simulation by a peer. */
export interface PeerCall {
  readonly stub: PeerStub;
  /** Aborted when the peer's connection has ended: nothing more is answered then. */
  readonly gone: AbortSignal;
}
