import { randomBytes } from 'node:crypto';
import { isAlreadyExists, secrets, type KubernetesClient } from '@guildhall/kubernetes';
import { CertificateAuthorityError } from '../errors.ts';
import { fromKey, keyLength, type KeyEncryptionKey } from './key-encryption-key.ts';

export interface KeySecret {
  namespace: string;
  name: string;
}

const entry = 'key';

/**
 * A key in a Secret of Kubernetes, under `key`; made when it is not there. It belongs to no release and is immutable: neither an upgrade nor an
 * uninstallation changes it. Losing it loses every hosted key: back it up apart from the database.
 *
 * @param mayMake asked when there is no Secret: a new key in the place of a lost one would hide the loss
 */
export async function openKeySecret(client: KubernetesClient, secret: KeySecret, mayMake: () => Promise<boolean>): Promise<KeyEncryptionKey> {
  const found = await read(client, secret);
  if (found !== undefined) return fromKey(found);
  if (!(await mayMake())) throw unusable(secret, 'it is not there, but keys in the database are encrypted with it; restore it from its backup');
  try {
    await client.create(secrets, {
      metadata: { ...secret, labels: { 'app.kubernetes.io/part-of': 'guildhall' } },
      type: 'Opaque',
      immutable: true,
      data: { [entry]: randomBytes(keyLength).toString('base64') },
    });
  } catch (error) {
    // Of two that begin at once, one made it.
    if (!isAlreadyExists(error)) throw error;
  }
  const made = await read(client, secret);
  if (made === undefined) throw unusable(secret, 'it was deleted while it was made');
  return fromKey(made);
}

async function read(client: KubernetesClient, secret: KeySecret): Promise<Uint8Array | undefined> {
  const found = await client.get(secrets, secret);
  if (found === undefined) return undefined;
  const key = Buffer.from(found.data?.[entry] ?? '', 'base64');
  if (key.length !== keyLength) throw unusable(secret, `its entry "${entry}" has ${key.length} bytes instead of ${keyLength}; restore it from its backup`);
  return key;
}

const unusable = ({ namespace, name }: KeySecret, why: string): CertificateAuthorityError =>
  new CertificateAuthorityError('KEY_ENCRYPTION_KEY_UNUSABLE', `the key-encryption key in Secret ${namespace}/${name} is unusable: ${why}`);
