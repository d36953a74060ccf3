import { readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRuntime } from './realm/runtime.ts';
import { loadArtifact } from './server/artifact.ts';
import { createChaincode, type ServedChaincode } from './server/chaincode.ts';
import { serveHealth } from './server/health.ts';
import { createLogger } from './server/logger.ts';
import { readSettings, type Settings } from './server/settings.ts';
import { createShimServer } from './server/shim.ts';

// Serves one contract to peers: the artifact with the digest that the package id stands for, and no other.

const logger = createLogger(
  (line) => process.stdout.write(line),
  () => new Date(),
);
const stopping = new AbortController();

process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);
// In the same form as everything else that this process says.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => logger.info('a warning of Node.js', { name, detail: message }));

function fail(error: unknown): never {
  logger.error('the contract runner stops', { reason: error instanceof Error ? error.message : 'unknown' });
  process.exit(1);
}

async function run(): Promise<void> {
  const settings = readSettings(process.env);
  let listening = false;
  const health = await serveHealth(settings.healthAddress, () => ({
    ready: listening && !stopping.signal.aborted,
    detail: { packageId: settings.packageId, artifactDigest: settings.artifactDigest },
  }));
  // What is loaded from here on is compiled once, unless the environment says where for all of it.
  const compileCache = process.env['NODE_COMPILE_CACHE'] ?? join(settings.artifactCache, 'compiled');
  enableCompileCache(compileCache);
  const [source, tls] = await Promise.all([load(settings), readTls(settings)]);
  // Whoever watches over this process knows its descendants by the environment that they share.
  const environment = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const runtime = createRuntime(source, { limitMs: settings.callLimitMs, environment });
  // The contract's process starts while this one loads fabric-shim.
  const described = runtime.describe();
  const chaincode = createChaincode(runtime, logger);
  const server = await createShimServer(chaincode.invoke, { packageId: settings.packageId, address: settings.contractAddress, tls }, logger);
  await described;
  await server.start();
  listening = true;
  logger.info('the contract is served', {
    address: settings.contractAddress,
    packageId: settings.packageId,
    tls: tls !== undefined,
    startMs: Math.round(performance.now()),
  });

  const stop = async (): Promise<void> => {
    await drain(chaincode);
    // The last answers are written; let them leave.
    await sleep(50);
    server.stop();
    runtime.close();
    health.close();
    logger.info('the contract runner has stopped');
    process.exit(0);
  };
  if (stopping.signal.aborted) await stop();
  else stopping.signal.addEventListener('abort', () => void stop(), { once: true });
}

async function load({ artifactDigest: digest, artifactUrl: url, artifactCache: cache }: Settings): Promise<string> {
  return loadArtifact({
    digest,
    url,
    cache,
    fetch,
    logger,
    signal: stopping.signal,
    sleep: async (ms) => sleep(ms, undefined, { signal: stopping.signal }),
  });
}

async function readTls({ tls }: Settings): Promise<{ key: Buffer; cert: Buffer } | undefined> {
  if (!tls) return undefined;
  const [key, cert] = await Promise.all([readFile(tls.keyFile), readFile(tls.certFile)]);
  return { key, cert };
}

/** Calls are short. */
async function drain(chaincode: ServedChaincode): Promise<void> {
  for (let waited = 0; chaincode.running > 0 && waited < 5000; waited += 20) await sleep(20);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
run().catch((error: unknown) => {
  if (stopping.signal.aborted) process.exit(0);
  fail(error);
});
