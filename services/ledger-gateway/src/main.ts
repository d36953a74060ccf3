import { connectCluster, endProcess, runProcess } from '@guildhall/process';
import { fieldManagers } from '@guildhall/resources';
import { readGatewaySettings } from './process-settings.ts';
import { runGateway } from './run-gateway.ts';

/** The ledger gateway as a process of its own: as many as there are work side by side. */
async function main(): Promise<void> {
  const settings = readGatewaySettings(process.env);
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, fieldManagers.ledgerGateway, (outcome) => metrics.onCall(outcome));
    try {
      await runGateway({ client, settings, logger, health, metrics, signal });
    } finally {
      await client.close();
    }
  });
}

main().catch(endProcess);
