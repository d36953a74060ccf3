import {
  Client,
  connectivityState,
  credentials,
  type CallOptions as GrpcCallOptions,
  type ChannelOptions,
  type ClientDuplexStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { CallOptions, NodeEndpoint } from './endpoint.ts';
import { connectError, fromServiceError } from './failure.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024; // what Fabric's own servers and clients allow
const DEFAULT_IDLE_MS = 5 * 60_000;
const DEFAULT_DIAL_MS = 4_000; // less than an orderer is given to answer (broadcast)

const CHANNEL_OPTIONS: ChannelOptions = {
  // A node that was restarted is to be found again at once; grpc-js would wait up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // Fabric's servers close connections that ping more often than once a minute (keepalive.minInterval).
  'grpc.keepalive_time_ms': 75_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.client_idle_timeout_ms': DEFAULT_IDLE_MS,
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
};

/** A two-way stream of raw messages. Iterating ends when the node ends it, and throws a ConnectError when it breaks. */
export interface DuplexCall extends AsyncIterable<Uint8Array> {
  write(message: Uint8Array): void;
  /** No more messages from this side. */
  end(): void;
  /** Ends the call now. */
  cancel(): void;
}

/** Open connections to nodes, one per address and set of TLS roots, made when first needed. Messages are raw bytes, so that what was signed is what is sent. */
export interface Connections {
  /** One request, one answer. `method` is the full gRPC path (`/protos.Endorser/ProcessProposal`). Default time limit 30 s. */
  unary(node: NodeEndpoint, method: string, request: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /** A stream without a time limit unless one is given. */
  duplex(node: NodeEndpoint, method: string, options?: CallOptions): DuplexCall;
  /** Ends all calls and connections. */
  close(): void;
}

interface Connection {
  /** Its place among all. */
  readonly key: string;
  readonly client: Client;
  /** Calls that have not ended. */
  calls: number;
  usedAt: number;
  /** It is looked after whether it comes about. */
  dialling: boolean;
}

/**
 * @param options.idleMs a connection that no call has used for so long is closed when another is made (default 5 min): nodes come and go, and grpc-js dials
 * one that is gone again and again
 * @param options.dialMs a connection that does not come about in so long is given up and its calls fail as UNREACHABLE (default 4 s): what is sent to a pod that has
 * just gone is lost, the kernel sends it there again for two minutes, grpc-js waits for that, and only another connection finds the new pod
 */
export function createConnections({ idleMs = DEFAULT_IDLE_MS, dialMs = DEFAULT_DIAL_MS }: { idleMs?: number; dialMs?: number } = {}): Connections {
  const connections = new Map<string, Connection>();
  let closed = false;

  const drop = ({ key, client }: Connection): void => {
    client.close();
    connections.delete(key);
  };
  const closeIdle = (): void => {
    for (const connection of connections.values()) if (connection.calls === 0 && performance.now() - connection.usedAt >= idleMs) drop(connection);
  };
  const connectionTo = (node: NodeEndpoint): Connection => {
    if (closed) throw connectError('CANCELLED', node.address, 'the connections were closed');
    const roots = node.tlsRoots.join('\n');
    const key = `${node.address} ${createHash('sha256').update(roots).digest('base64')}`;
    const existing = connections.get(key);
    if (existing) return existing;
    closeIdle();
    const connection = { key, client: connect(node.address, Buffer.from(roots)), calls: 0, usedAt: 0, dialling: false };
    connections.set(key, connection);
    return connection;
  };
  /** Over several calls: each may end before. */
  const limitDial = (connection: Connection): void => {
    const state = (): connectivityState => connection.client.getChannel().getConnectivityState(false);
    if (connection.dialling || state() === connectivityState.READY) return;
    connection.dialling = true;
    setTimeout(() => {
      connection.dialling = false;
      // Once a dial has failed, grpc-js says so until one succeeds, also while the next one hangs.
      const hangs = [connectivityState.CONNECTING, connectivityState.TRANSIENT_FAILURE].includes(state());
      if (connections.get(connection.key) === connection && hangs) drop(connection);
    }, dialMs).unref();
  };
  /** Counts a call until its status has come, which every call has in the end. */
  const count = (connection: Connection, call: EventEmitter): void => {
    connection.calls++;
    connection.usedAt = performance.now();
    limitDial(connection);
    call.once('status', () => {
      connection.calls--;
      connection.usedAt = performance.now();
    });
  };

  return {
    async unary(node, method, request, { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = {}) {
      const connection = connectionTo(node);
      if (signal?.aborted) throw connectError('CANCELLED', node.address, '');
      const { client } = connection;
      return new Promise((resolve, reject) => {
        const call = client.makeUnaryRequest(method, toBuffer, toBytes, request, { deadline: Date.now() + timeoutMs }, (error, answer) => {
          signal?.removeEventListener('abort', cancel);
          if (error) reject(fromServiceError(node, error));
          else resolve(answer ?? new Uint8Array());
        });
        count(connection, call);
        const cancel = (): void => call.cancel();
        signal?.addEventListener('abort', cancel, { once: true });
      });
    },
    duplex(node, method, { timeoutMs, signal } = {}) {
      const options: GrpcCallOptions = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      const connection = connectionTo(node);
      const call = connection.client.makeBidiStreamRequest(method, toBuffer, toBytes, options);
      count(connection, call);
      return duplexCall(node, call, signal);
    },
    close() {
      closed = true;
      for (const { client } of connections.values()) client.close();
      connections.clear();
    },
  };
}

function connect(address: string, roots: Buffer): Client {
  const host = new URL(`grpc://${address}`).hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 0) return new Client(address, credentials.createSsl(roots), CHANNEL_OPTIONS);
  // RFC 6066 knows no server name that is an IP address, and Node warns of it: another name is sent, and the certificate is checked against the address.
  const trust = credentials.createSsl(roots, null, null, {
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
  return new Client(address, trust, { ...CHANNEL_OPTIONS, 'grpc.ssl_target_name_override': 'fabric-node' });
}

function duplexCall(node: NodeEndpoint, call: ClientDuplexStream<Uint8Array, Uint8Array>, signal: AbortSignal | undefined): DuplexCall {
  const cancel = (): void => call.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  // Without a listener an error between two reads would end the process; the iterator reports it.
  call.on('error', () => signal?.removeEventListener('abort', cancel));
  return {
    write: (message) => void call.write(message),
    end: () => void call.end(),
    cancel,
    async *[Symbol.asyncIterator]() {
      try {
        for await (const message of call) yield toBytes(message);
      } catch (error) {
        throw isServiceError(error) ? fromServiceError(node, error) : error;
      } finally {
        signal?.removeEventListener('abort', cancel);
        cancel();
      }
    },
  };
}

const toBuffer = (message: Uint8Array): Buffer => Buffer.from(message.buffer, message.byteOffset, message.byteLength);
const toBytes = (message: Uint8Array): Uint8Array => new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
const isServiceError = (error: unknown): error is ServiceError => error instanceof Error && 'code' in error && 'details' in error;
