import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLeaderElector } from '@guildhall/kubernetes';
import { connectCluster, endProcess, runProcess } from '@guildhall/process';
import { fieldManagers } from '@guildhall/resources';
import { createOperator } from './create-operator.ts';
import { operatorSettings, readOperatorSettings } from './process-settings.ts';

/** The operator as a process of its own: one of several works, the others wait for its lease. */
async function main(): Promise<void> {
  const settings = readOperatorSettings(process.env);
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, fieldManagers.operator, (outcome) => metrics.onCall(outcome));
    const lease = { namespace: settings.GUILDHALL_LEASE_NAMESPACE, name: fieldManagers.operator };
    const leaderElection = createLeaderElector({ client, lease, identity: `${hostname()}-${randomUUID()}`, logger, metrics });
    try {
      // Once the lease is lost nothing that is still in hand can be written.
      await createOperator({ client: client.withSignal(leaderElection.lost), settings: operatorSettings(settings), logger, metrics, health, leaderElection }).run(signal);
    } finally {
      await client.close();
    }
  });
}

main().catch(endProcess);
