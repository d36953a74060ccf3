import packageJson from '../package.json' with { type: 'json' };
import { once } from 'node:events';
import { connectCluster, endProcess, readDatabaseUrl, runProcess, SettingsError } from '@guildhall/process';
import { fieldManagers } from '@guildhall/resources';
import { createCatalogue } from './catalogue.ts';
import { ConsoleFolderError, readConsole } from './console/console-folder.ts';
import { schedulerDecides } from './consortia/capacity.ts';
import { startControlPlane, type ControlPlane, type ControlPlaneOptions } from './control-plane.ts';
import { DatabaseTooNewError } from './database/migrate.ts';
import { connectLedgerGateway } from './ledger/connect-gateway.ts';
import { createGatewayLedger } from './ledger/gateway-ledger.ts';
import { kubernetesPlatform } from './platform/kubernetes-platform.ts';
import { readControlPlaneSettings } from './process-settings.ts';

/** Transactions are on their way for up to half a minute, unless a caller asks for more. */
const endMs = 20_000;

/** Undefined when it was asked to end before it had begun. */
async function begun(options: ControlPlaneOptions, signal: AbortSignal): Promise<ControlPlane | undefined> {
  try {
    return await startControlPlane({ ...options, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The control plane as a process of its own: any number of them work side by side, on one database and one cluster. */
async function main(): Promise<void> {
  const settings = readControlPlaneSettings(process.env);
  const databaseUrl = readDatabaseUrl(settings.GUILDHALL_DATABASE_URL_FILE);
  const folder = settings.GUILDHALL_CONSOLE_FOLDER;
  const built = folder === undefined ? undefined : await readConsole(folder);
  const startedAt = new Date();
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, fieldManagers.controlPlane, (outcome) => metrics.onCall(outcome));
    const gatewayAddress = {
      url: settings.GUILDHALL_LEDGER_GATEWAY_URL,
      tokenFile: settings.GUILDHALL_LEDGER_GATEWAY_TOKEN_FILE,
      certificateAuthorityFile: settings.GUILDHALL_LEDGER_GATEWAY_CA_FILE,
    };
    const gateway = connectLedgerGateway(gatewayAddress, logger);
    try {
      const controlPlane = await begun(
        {
          databaseUrl,
          client,
          ledger: createGatewayLedger(gateway),
          blocks: gateway.blocks,
          catalogue: createCatalogue(),
          imageRegistries: settings.GUILDHALL_CONTRACT_IMAGE_REGISTRIES,
          capacity: schedulerDecides,
          platform: kubernetesPlatform(packageJson.version, startedAt),
          exposure: settings.GUILDHALL_EXPOSURE,
          storageClass: settings.GUILDHALL_STORAGE_CLASS,
          closesNetworks: settings.GUILDHALL_NETWORK_POLICIES,
          ...(settings.GUILDHALL_NAMESPACE === undefined ? {} : { ownNamespace: settings.GUILDHALL_NAMESPACE }),
          publicUrl: settings.GUILDHALL_PUBLIC_URL,
          ...(built ? { console: () => built } : {}),
          ...settings.GUILDHALL_LISTEN_ADDRESS,
          now: () => new Date(),
          logger,
          health,
          endMs,
          onListening: (url) => logger.info({ url }, 'the control plane listens'),
        },
        signal,
      );
      if (controlPlane && !signal.aborted) await once(signal, 'abort');
      await controlPlane?.stop();
    } finally {
      gateway.close();
      await client.close();
    }
  });
}

const explained = [ConsoleFolderError, DatabaseTooNewError];
main().catch((error: unknown) => endProcess(error instanceof Error && explained.some((kind) => error instanceof kind) ? new SettingsError(error.message) : error));
