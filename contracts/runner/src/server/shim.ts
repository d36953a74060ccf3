import { ContractFault } from '../realm/faults.ts';
import type { Logger } from './logger.ts';
import { replaceShimLogger } from './replace-shim-logger.ts';
import { reportTo } from './shim-logger.ts';
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

/** What a peer sends and takes at most (MaxRecvMsgSize and MaxSendMsgSize of Fabric): with less, one large message would end its stream. */
const maximumMessage = 100 * 1024 * 1024;

const grpcOptions = {
  'grpc.max_receive_message_length': maximumMessage,
  'grpc.max_send_message_length': maximumMessage,
  // A peer whose machine vanished says nothing; its streams end when it does not answer these.
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
} as const;

/**
 * fabric-shim's server, without the rest of fabric-shim. Its logger is replaced before it is loaded: the original brings winston (25 ms),
 * writes its own format, and installs handlers for uncaught errors that would print objects of a contract's realm with `util.inspect`,
 * which calls their methods with functions of the host.
 */
export async function createShimServer(
  invoke: (call: PeerCall) => Promise<ChaincodeResponse>,
  options: { readonly packageId: string; readonly address: string; readonly tls: { key: Buffer; cert: Buffer } | undefined },
  logger: Logger,
): Promise<ShimServer> {
  // Each refused call is an "error" to fabric-shim; ours says what matters about a call itself.
  reportTo((message) => logger.info('fabric-shim', { detail: message }));
  replaceShimLogger();
  const { default: ChaincodeServer }: { default: ShimModule } = await import('fabric-shim/lib/server.js');
  class Server extends ChaincodeServer {
    override connect(stream: PeerStream): void {
      super.connect(watch(stream));
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

/** What peers send: the numbers of ChaincodeMessage.Type (peer/chaincode_shim.proto). */
const typesOfPeers: ReadonlySet<number> = new Set(Object.values({ REGISTERED: 2, INIT: 3, READY: 4, TRANSACTION: 5, ERROR: 7, RESPONSE: 13 }));

interface WatchedStream extends PeerStream {
  readonly gone: AbortSignal;
}

/**
 * A peer's stream as fabric-shim is to see it. It ends the process at a message that it does not know (a keepalive of the peer's), so it does
 * not get these. And it never settles what it asked a peer whose stream ended, so the end is told on.
 */
function watch(stream: PeerStream): WatchedStream {
  const gone = new AbortController();
  for (const event of ['cancelled', 'end', 'error', 'close']) stream.on(event, () => gone.abort());
  return {
    gone: gone.signal,
    on: (event, listener) =>
      stream.on(event, event === 'data' ? (message) => void (typesOfPeers.has(message.getType()) && listener(message)) : listener),
    write: (message) => stream.write(message),
    end: () => stream.end(),
  };
}
