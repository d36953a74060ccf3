/** PEM certificate and private key that a client shows in TLS. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A gRPC service of a node, always with TLS. */
export interface NodeEndpoint {
  /** `host:port`; the host must be in the node's TLS certificate. */
  readonly address: string;
  /** PEM certificates of the TLS CAs that may have issued the node's certificate. */
  readonly tlsRoots: readonly string[];
  /** For errors: whose node it is. */
  readonly mspId?: string;
}

/** An HTTP service of a node: the operations endpoint, or the admin endpoint of an orderer. */
export interface HttpEndpoint {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  /** For https. */
  readonly tlsRoots?: readonly string[];
  readonly client?: ClientCertificate;
}

/** Limits of one call. */
export interface CallOptions {
  /** The whole call ends after this time; each kind of call has its own default. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
