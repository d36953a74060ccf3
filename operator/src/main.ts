import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createClient, createHealth, createLeaderElector, createMetrics, eventLoopCheck, serveHealth } from '@guildhall/kubernetes';
import { fieldManagers } from '@guildhall/resources';
import { pino } from 'pino';
import { createOperator } from './create-operator.ts';
import { readProcessSettings, SettingsError } from './process-settings.ts';

/** The operator as a process of its own: one of several works, the others wait for its lease. */
async function main(): Promise<void> {
  const settings = readProcessSettings(process.env);
  const logger = pino({ level: settings.logLevel });
  const metrics = createMetrics();
  const health = createHealth();
  const loop = eventLoopCheck();
  health.addLive('event loop', loop.check);
  const { server, tokenFile, certificateAuthorityFile } = settings.cluster;
  const client = createClient({
    server,
    tokenFile,
    ...(certificateAuthorityFile === undefined ? {} : { certificateAuthority: readFileSync(certificateAuthorityFile, 'utf8') }),
    fieldManager: fieldManagers.operator,
    onCall: (outcome) => metrics.onCall(outcome),
  });
  const lease = { namespace: settings.leaseNamespace, name: fieldManagers.operator };
  const leaderElection = createLeaderElector({ client, lease, identity: `${hostname()}-${randomUUID()}`, logger, metrics });
  const served = await serveHealth({ health, metrics }, settings.health);
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  try {
    // Once the lease is lost nothing that is still in hand can be written.
    await createOperator({ client: client.withSignal(leaderElection.lost), settings: settings.operator, logger, metrics, health, leaderElection }).run(stopping.signal);
  } finally {
    loop.stop();
    await served.close();
    await client.close();
  }
}

main().catch((error: unknown) => {
  // What a person has set wrong is no fault of the program: its words are enough.
  if (error instanceof SettingsError) console.error(error.message);
  else console.error(error);
  process.exit(1);
});
