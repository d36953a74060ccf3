import { clusterSettings, connectCluster, endProcess, processSettings, readSettings, runProcess } from '@guildhall/process';
import { createHealthMonitor } from './health-monitor.ts';

/** The health monitor as a process of its own: it only reads. */
async function main(): Promise<void> {
  const settings = readSettings({ ...processSettings, ...clusterSettings }, process.env);
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, 'guildhall-monitor', (outcome) => metrics.onCall(outcome));
    try {
      await createHealthMonitor({ client, metrics, health, logger }).run(signal);
    } finally {
      await client.close();
    }
  });
}

main().catch(endProcess);
