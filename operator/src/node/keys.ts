import { isAlreadyExists, secrets, type KubernetesClient, type Secret } from '@guildhall/kubernetes';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import type { Node } from '@guildhall/resources';
import { nodeNames } from '../names.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * The node's two keys, made here and written once. The Secret has no owner and is immutable: it outlives the Node, and nothing
 * replaces what is in it. When another process was faster, its keys are the ones.
 */
export async function createKeys(client: Pick<KubernetesClient, 'create' | 'get'>, node: Node, labels: Record<string, string>): Promise<Secret> {
  const [identity, tls] = await Promise.all([generateKeyPair(), generateKeyPair()]);
  const ref = { name: nodeNames(node.metadata.name).keys, namespace: node.metadata.namespace ?? '' };
  const data = { 'identity.key': base64(identity.privateKeyPem), 'tls.key': base64(tls.privateKeyPem) };
  try {
    return await client.create(secrets, { metadata: { ...ref, labels }, type: 'Opaque', data, immutable: true });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get(secrets, ref);
    if (existing === undefined) throw error;
    return existing;
  }
}

/** Only the key of a request counts; the certificate authority takes the names from the objects. */
export const requestFor = (privateKeyPem: string, commonName: string): Promise<string> =>
  createCertificateRequest({ subject: [{ type: 'CN', value: commonName }] }, createSigner(privateKeyPem));
