import { isOwnedBy, secrets, type Clock, type KubernetesClient, type Secret } from '@guildhall/kubernetes';
import { createSigner } from '@guildhall/pki';
import type { Node } from '@guildhall/resources';
import { nodeNames } from '../names.ts';
import type { PublicKeys } from './decide.ts';

/** What a node's Secrets hold. */
export interface NodeSecrets {
  keys: PublicKeys | undefined;
  hasCertificates: boolean;
  /** As they were read just now; left out when this is what was remembered. Private keys are remembered nowhere. */
  live?: { keys: Secret | undefined; certificates: Secret | undefined };
}

export interface NodeSecretsReader {
  /** What was read a short while ago, if all of it was there. */
  recall(node: Node): NodeSecrets | undefined;
  read(node: Node): Promise<NodeSecrets>;
  /** The keys have been made, or found as made by another. */
  made(node: Node, keys: Secret): void;
  /** The certificates Secret has been brought to what this digest stands for. */
  settled(node: Node, materialDigest: string): void;
  isSettled(node: Node, materialDigest: string): boolean;
  forget(node: Node): void;
}

/** A Secret that somebody deletes is missed so late. */
const memoryMs = 30_000;

interface Remembered {
  keys: PublicKeys;
  hasCertificates: boolean;
  materialDigest?: string;
  at: number;
}

/** Secrets are not watched, so that no process holds all of them; a node that changes often is not worth two reads each time. */
export function createNodeSecrets(client: Pick<KubernetesClient, 'get'>, clock: Clock): NodeSecretsReader {
  const memory = new Map<string, Remembered>();
  const fresh = ({ metadata: { uid = '' } }: Node): Remembered | undefined => {
    const found = memory.get(uid);
    return found !== undefined && clock.monotonic() - found.at < memoryMs ? found : undefined;
  };

  return {
    recall(node) {
      const found = fresh(node);
      return found && { keys: found.keys, hasCertificates: found.hasCertificates };
    },
    async read(node) {
      const { name, namespace = '', uid = '' } = node.metadata;
      const names = nodeNames(name);
      const [keysSecret, certificates] = await Promise.all([client.get(secrets, { namespace, name: names.keys }), client.get(secrets, { namespace, name: names.certificates })]);
      const keys = keysSecret && publicKeysOf(keysSecret);
      // Those of a former node of this name may be there for a while.
      const hasCertificates = certificates !== undefined && isOwnedBy(certificates, node);
      if (keys === undefined) memory.delete(uid);
      else memory.set(uid, { keys, hasCertificates, at: clock.monotonic() });
      return { keys, hasCertificates, live: { keys: keysSecret, certificates } };
    },
    made(node, keysSecret) {
      const keys = publicKeysOf(keysSecret);
      if (keys !== undefined) memory.set(node.metadata.uid ?? '', { keys, hasCertificates: false, at: clock.monotonic() });
    },
    settled(node, materialDigest) {
      const found = fresh(node);
      if (found !== undefined) Object.assign(found, { hasCertificates: true, materialDigest });
    },
    isSettled: (node, materialDigest) => fresh(node)?.materialDigest === materialDigest,
    forget: ({ metadata: { uid = '' } }) => void memory.delete(uid),
  };
}

export const keyText = (secret: Secret, name: 'identity.key' | 'tls.key'): string => Buffer.from(secret.data?.[name] ?? '', 'base64').toString('utf8');

/** Undefined when a key is missing from the Secret: that is as bad as no Secret. */
function publicKeysOf(secret: Secret): PublicKeys | undefined {
  if (secret.data?.['identity.key'] === undefined || secret.data['tls.key'] === undefined) return undefined;
  const publicKey = (name: 'identity.key' | 'tls.key'): Uint8Array => createSigner(keyText(secret, name)).publicKey;
  return { identity: publicKey('identity.key'), tls: publicKey('tls.key') };
}
