import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createLeaderElector, type KubernetesClient } from '@guildhall/kubernetes';
import { clusterSettings, connectCluster, endProcess, processSettings, readDatabaseUrl, readSettings, runProcess, setting, SettingsError } from '@guildhall/process';
import { fieldManagers } from '@guildhall/resources';
import { createCertificateAuthority } from './certificate-authority.ts';
import { readKeyFile, type KeyEncryptionKey } from './custody/key-encryption-key.ts';
import { openKeySecret } from './custody/key-secret.ts';
import { CertificateAuthorityError } from './errors.ts';

const shape = {
  ...processSettings,
  ...clusterSettings,
  GUILDHALL_LEASE_NAMESPACE: setting.namespace.default('guildhall'),
  /** Files, since an environment is seen by whoever may look at a process. */
  GUILDHALL_DATABASE_URL_FILE: setting.file,
  GUILDHALL_KEY_FILE: setting.file.optional(),
  GUILDHALL_KEY_SECRET: setting.objectName.optional(),
  GUILDHALL_EXPOSURE_DOMAIN: setting.domain.optional(),
};

type Settings = ReturnType<typeof readSettings<typeof shape>>;
interface KeyPlace {
  open: (isFirst: () => Promise<boolean>, client: KubernetesClient) => Promise<KeyEncryptionKey>;
  now?: (client: KubernetesClient) => Promise<KeyEncryptionKey>;
}

/** Where the key-encryption key is: in a file that somebody else keeps, or in a Secret. */
async function keyPlace({ GUILDHALL_KEY_FILE: file, GUILDHALL_KEY_SECRET: secret }: Settings): Promise<KeyPlace> {
  if (file !== undefined && secret === undefined) {
    const key = await readKeyFile(file);
    return { open: () => Promise.resolve(key) };
  }
  if (secret !== undefined && file === undefined) {
    return { open: (isFirst, client) => openKeySecret(client, secret, isFirst), now: (client) => openKeySecret(client, secret, () => Promise.resolve(false)) };
  }
  throw new SettingsError('Either GUILDHALL_KEY_FILE or GUILDHALL_KEY_SECRET says where the key-encryption key is: set one of them.');
}

/** The certificate authority as a process of its own: one of several works, the others wait for its lease. */
async function main(): Promise<void> {
  const settings = readSettings(shape, process.env);
  const databaseUrl = readDatabaseUrl(settings.GUILDHALL_DATABASE_URL_FILE);
  const { open, now } = await keyPlace(settings);
  await runProcess(settings, async ({ logger, health, metrics, signal }) => {
    const client = connectCluster(settings, fieldManagers.certificateAuthority, (outcome) => metrics.onCall(outcome));
    const lease = { namespace: settings.GUILDHALL_LEASE_NAMESPACE, name: fieldManagers.certificateAuthority };
    const leaderElection = createLeaderElector({ client, lease, identity: `${hostname()}-${randomUUID()}`, logger, metrics });
    try {
      await createCertificateAuthority({ databaseUrl, client: client.withSignal(leaderElection.lost), openKey: (isFirst) => open(isFirst, client), ...(now ? { keyNow: () => now(client) } : {}), exposureDomain: settings.GUILDHALL_EXPOSURE_DOMAIN, leaderElection, logger, metrics, health }).start(signal);
    } finally {
      await client.close();
    }
  });
}

main().catch((error: unknown) => endProcess(error instanceof CertificateAuthorityError ? new SettingsError(error.message) : error));
