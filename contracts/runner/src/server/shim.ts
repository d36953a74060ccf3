import { createRequire } from 'node:module';
import type { Logger } from './logger.ts';
import type { Chaincode } from './stub.ts';

export interface ShimServer {
  start(): Promise<void>;
  /** Ends the peers' streams at once. */
  stop(): void;
}

/** fabric-shim offers no way to stop its server; this is where it keeps the one of grpc-js. */
const grpcServer = '_server';

interface ShimModule {
  new (
    chaincode: Chaincode,
    options: { ccid: string; address: string; tlsProps?: { key: Buffer; cert: Buffer } },
  ): {
    start(): Promise<void>;
    readonly [grpcServer]: { forceShutdown(): void };
  };
}

const require = createRequire(import.meta.url);

/**
 * fabric-shim's server, without the rest of fabric-shim. Its logger is replaced before it is loaded: the original brings winston (25 ms),
 * writes its own format, and installs handlers for uncaught errors that would print objects of a contract's realm with `util.inspect`,
 * which calls their methods with functions of the host.
 */
export function createShimServer(
  chaincode: Chaincode,
  options: { readonly packageId: string; readonly address: string; readonly tls: { key: Buffer; cert: Buffer } | undefined },
  logger: Logger,
): ShimServer {
  replaceLogger(logger);
  const ChaincodeServer: ShimModule = require('fabric-shim/lib/server.js');
  const { packageId: ccid, address, tls } = options;
  const server = new ChaincodeServer(chaincode, tls ? { ccid, address, tlsProps: tls } : { ccid, address });
  return { start: async () => server.start(), stop: () => server[grpcServer].forceShutdown() };
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
