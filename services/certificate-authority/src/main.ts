import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLeaderElector } from '@guildhall/kubernetes';
import { clusterSettings, connectCluster, endProcess, processSettings, readDatabaseUrl, readSettings, runProcess, setting, SettingsError } from '@guildhall/process';
import { fieldManagers } from '@guildhall/resources';
import { createCertificateAuthority } from './certificate-authority.ts';
import { readKeyFile } from './custody/key-encryption-key.ts';
import { CertificateAuthorityError } from './errors.ts';

const shape = {
  ...processSettings,
  ...clusterSettings,
  GUILDHALL_LEASE_NAMESPACE: setting.namespace.default('guildhall'),
  /** Files, since an environment is seen by whoever may look at a process. */
  GUILDHALL_DATABASE_URL_FILE: setting.file,
  GUILDHALL_KEY_FILE: setting.file,
};

/** The certificate authority as a process of its own: one of several works, the others wait for its lease. */
async function main(): Promise<void> {
  const settings = readSettings(shape, process.env);
  const databaseUrl = readDatabaseUrl(settings.GUILDHALL_DATABASE_URL_FILE);
  const keyEncryptionKey = await readKeyFile(settings.GUILDHALL_KEY_FILE);
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, fieldManagers.certificateAuthority, (outcome) => metrics.onCall(outcome));
    const lease = { namespace: settings.GUILDHALL_LEASE_NAMESPACE, name: fieldManagers.certificateAuthority };
    const leaderElection = createLeaderElector({ client, lease, identity: `${hostname()}-${randomUUID()}`, logger, metrics });
    try {
      await createCertificateAuthority({ databaseUrl, client: client.withSignal(leaderElection.lost), keyEncryptionKey, leaderElection, logger, metrics, health }).start(signal);
    } finally {
      await client.close();
    }
  });
}

main().catch((error: unknown) => endProcess(error instanceof CertificateAuthorityError ? new SettingsError(error.message) : error));
