import { createRequire } from 'node:module';
import { ContractFault } from '../realm/faults.ts';
import type { Logger } from './logger.ts';
import type { ChaincodeResponse, PeerCall, PeerStub } from './stub.ts';

export interface ShimServer {
  start(): Promise<void>;
  /** Ends the peers' streams at once. */
  stop(): void;
}

/** What fabric-shim uses of a peer's stream. */
interface PeerStream {
  on(event: string, listener: (message: { getType(): number }) => void): unknown;
  write(message: unknown): unknown;
  end(): unknown;
}

/** fabric-shim offers no way to stop its server and none to the stream of a call; these are where it keeps them. */
const grpcServer = '_server';
const peerStream = '_stream';

interface ShimStub extends PeerStub {
  readonly handler: { readonly [peerStream]: WatchedStream };
}

interface ShimChaincode {
  Init(stub: PeerStub): Promise<ChaincodeResponse>;
  Invoke(stub: ShimStub): Promise<ChaincodeResponse>;
}

interface ShimModule {
  new (
    chaincode: ShimChaincode,
    options: { ccid: string; address: string; tlsProps?: { key: Buffer; cert: Buffer }; [grpcOption: `grpc.${string}`]: number },
  ): {
    start(): Promise<void>;
    connect(stream: PeerStream): void;
    readonly [grpcServer]: { forceShutdown(): void };
  };
}

interface Protocol {
  readonly peer: { readonly ChaincodeMessage: { readonly Type: Readonly<Record<string, number>> } };
}

/** What a peer sends and takes at most (MaxRecvMsgSize and MaxSendMsgSize of Fabric): with less, one large message would end its stream. */
const maximumMessage = 100 * 1024 * 1024;

const grpcOptions = {
  'grpc.max_receive_message_length': maximumMessage,
  'grpc.max_send_message_length': maximumMessage,
  // A peer whose machine vanished says nothing; its streams end when it does not answer these.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
} as const;

const require = createRequire(import.meta.url);

/**
 * fabric-shim's server, without the rest of fabric-shim. Its logger is replaced before it is loaded: the original brings winston (25 ms),
 * writes its own format, and installs handlers for uncaught errors that would print objects of a contract's realm with `util.inspect`,
 * which calls their methods with functions of the host.
 */
export function createShimServer(
  invoke: (call: PeerCall) => Promise<ChaincodeResponse>,
  options: { readonly packageId: string; readonly address: string; readonly tls: { key: Buffer; cert: Buffer } | undefined },
  logger: Logger,
): ShimServer {
  replaceLogger(logger);
  const ChaincodeServer: ShimModule = require('fabric-shim/lib/server.js');
  const types = messagesOfPeers();
  class Server extends ChaincodeServer {
    override connect(stream: PeerStream): void {
      super.connect(watch(stream, types));
    }
  }
  const { packageId: ccid, address, tls } = options;
  const chaincode: ShimChaincode = {
    Init: async () => ({ status: 500, message: JSON.stringify(noInitialisation) }),
    Invoke: async (stub) => invoke({ stub, gone: stub.handler[peerStream].gone }),
  };
  const server = new Server(chaincode, { ccid, address, ...grpcOptions, ...(tls ? { tlsProps: tls } : {}) });
  return { start: async () => server.start(), stop: () => server[grpcServer].forceShutdown() };
}

const noInitialisation = new ContractFault(
  'CALL_REFUSED',
  'this contract has no initialisation by the peer; call the operation Init',
);

interface WatchedStream extends PeerStream {
  readonly gone: AbortSignal;
}

/**
 * A peer's stream as fabric-shim is to see it. It ends the process at a message that it does not know (a keepalive of the peer's), so it does
 * not get these. And it never settles what it asked a peer whose stream ended, so the end is told on.
 */
function watch(stream: PeerStream, types: ReadonlySet<number>): WatchedStream {
  const gone = new AbortController();
  for (const event of ['cancelled', 'end', 'error', 'close']) stream.on(event, () => gone.abort());
  return {
    gone: gone.signal,
    on: (event, listener) =>
      stream.on(event, event === 'data' ? (message) => void (types.has(message.getType()) && listener(message)) : listener),
    write: (message) => stream.write(message),
    end: () => stream.end(),
  };
}

function messagesOfPeers(): ReadonlySet<number> {
  const { peer }: Protocol = createRequire(require.resolve('fabric-shim/lib/server.js'))('@hyperledger/fabric-protos');
  const { Type } = peer.ChaincodeMessage;
  return new Set(['REGISTERED', 'READY', 'RESPONSE', 'ERROR', 'INIT', 'TRANSACTION'].map((name) => Type[name] ?? NaN));
}

function replaceLogger(logger: Logger): void {
  const path = require.resolve('fabric-shim/lib/logger.js');
  const silent = (): void => undefined;
  // Each refused call is an "error" to fabric-shim; ours says what matters about a call itself.
  const problem = (message: unknown): void => logger.info('fabric-shim', { detail: String(message) });
  const exports = { getLogger: () => ({ debug: silent, info: silent, warn: problem, error: problem }), setLevel: silent };
  const placeholder = {
    id: path,
    filename: path,
    path,
    loaded: true,
    exports,
    children: [],
    paths: [],
    parent: undefined,
    isPreloading: false,
    require,
  };
  require.cache[path] = placeholder;
}
