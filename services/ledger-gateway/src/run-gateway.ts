import { randomBytes } from 'node:crypto';
import { sleep, systemClock, type Health, type KubernetesClient, type Logger, type Metrics } from '@guildhall/kubernetes';
import { consortium } from '@guildhall/resources';
import { Histogram } from 'prom-client';
import { createAdmission } from './callers/admission.ts';
import { createTokenReviewer } from './callers/token-review.ts';
import { createLedgerGateway } from './gateway.ts';
import { TOKEN_AUDIENCE } from './internal-api/protocol.ts';
import { createGatewayServer, type CallEnd, type GatewayServer } from './internal-api/server.ts';
import type { GatewaySettings } from './process-settings.ts';
import { createCertificateKeeper, type CertificateKeeper } from './server-certificate/keeper.ts';

/** Between looks at the certificate and the directory. */
const CHECK_MS = 60_000;
const RETRY_MS = 2_000;
/** Kubernetes kills a pod 30 s after it has asked it to end. */
const PATIENCE_MS = 25_000;

export interface RunOptions {
  readonly client: KubernetesClient;
  readonly settings: Pick<GatewaySettings, 'GUILDHALL_LISTEN_ADDRESS' | 'GUILDHALL_NAMESPACE' | 'GUILDHALL_ALLOWED_CALLERS'>;
  readonly logger: Logger;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Asks it to end. */
  readonly signal: AbortSignal;
}

/** Serves the gateway until the signal. */
export async function runGateway({ client, settings, logger, health, metrics, signal }: RunOptions): Promise<void> {
  const namespace = settings.GUILDHALL_NAMESPACE;
  const gateway = createLedgerGateway({ client, clock: systemClock, ids: () => randomBytes(6).toString('hex'), logger });
  const judge = createTokenReviewer(client, TOKEN_AUDIENCE);
  const admission = createAdmission({ judge, audience: TOKEN_AUDIENCE, allowed: settings.GUILDHALL_ALLOWED_CALLERS, clock: systemClock });
  const server = createGatewayServer({ gateway, admission, logger, onCall: countCalls(metrics) });
  // Who is asked to end waits for no answer of the cluster.
  const bound = client.withSignal(signal);
  const keeper = createCertificateKeeper({ client: bound, namespace, names: [`guildhall-ledger-gateway.${namespace}.svc`], now: () => systemClock.now(), logger });

  const certificate = createDuty('the server certificate', keepCertificate(keeper, server, () => server.listen(settings.GUILDHALL_LISTEN_ADDRESS), logger), logger, signal);
  const directory = createDuty('the directory of ledgers', async () => void (await bound.list(consortium.type)), logger, signal);
  // A certificate that is served goes on being served when the Secret cannot be read for a while.
  health.addReady('listening', () => (certificate.done() ? undefined : certificate.problem()));
  health.addReady('directory', () => directory.problem());
  health.addReady('ending', () => (signal.aborted ? 'it is ending' : undefined));
  try {
    while (!signal.aborted) {
      await Promise.all([certificate.run(), directory.run()]);
      const well = certificate.problem() === undefined && directory.problem() === undefined;
      await sleep(systemClock, well ? CHECK_MS : RETRY_MS, signal);
    }
  } finally {
    await server.close(PATIENCE_MS);
    gateway.close();
  }
}

/** Something that is done again and again, and may fail in between. */
interface Duty {
  /** Rejects never. */
  run(): Promise<void>;
  /** Whether it was ever done. */
  done(): boolean;
  /** Why it could not be done the last time. */
  problem(): string | undefined;
}

function createDuty(name: string, work: () => Promise<void>, logger: Logger, signal: AbortSignal): Duty {
  let done = false;
  let problem: string | undefined = 'not yet';
  return {
    async run() {
      try {
        await work();
        if (problem !== undefined) logger.info({}, `${name}: all is well`);
        done = true;
        problem = undefined;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (problem !== message && !signal.aborted) logger.warn({ err: error }, `${name}: trying again`);
        problem = message;
      }
    },
    done: () => done,
    problem: () => problem,
  };
}

/** Serves what the Secret holds, and listens once there is something to serve. */
function keepCertificate(keeper: CertificateKeeper, server: GatewayServer, listen: () => Promise<number>, logger: Logger): () => Promise<void> {
  let served: string | undefined;
  let listening = false;
  return async () => {
    const found = await keeper.pass();
    if (found.certificate !== served) server.useCertificate(found);
    served = found.certificate;
    if (listening) return;
    const port = await listen();
    listening = true;
    logger.info({ port }, 'the ledger gateway listens');
  };
}

function countCalls({ registry }: Metrics): (end: CallEnd) => void {
  const seconds = new Histogram({
    name: 'guildhall_ledger_gateway_call_seconds',
    help: 'Calls by what became of them; streams of blocks until they ended',
    labelNames: ['call', 'outcome'],
    registers: [registry],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60],
  });
  return ({ call, outcome, seconds: taken }) => seconds.observe({ call, outcome }, taken);
}
