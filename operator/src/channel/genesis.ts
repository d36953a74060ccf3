import { createHash } from 'node:crypto';
import { channelConfiguration, type AgreedChannel } from '@guildhall/agreement';
import { buildGenesisBlock } from '@guildhall/fabric';
import { configMaps, isAlreadyExists, ownedBy, type ConfigMap, type KubernetesClient } from '@guildhall/kubernetes';
import { labels, type Channel } from '@guildhall/resources';
import { genesisKey, genesisName } from '../names.ts';

/** Date and nonce follow from the object, so that a second making gives the same bytes. */
export function genesisBlock(channel: Channel, agreed: AgreedChannel): Uint8Array {
  const { uid = '', creationTimestamp = '' } = channel.metadata;
  const nonce = createHash('sha256').update(uid).digest().subarray(0, 24);
  return buildGenesisBlock(channelConfiguration(agreed), { timestamp: new Date(creationTimestamp), nonce });
}

export const blockDigest = (block: Uint8Array): string => `sha256:${createHash('sha256').update(block).digest('hex')}`;

export function blockOf(configMap: ConfigMap | undefined): Uint8Array | undefined {
  const text = configMap?.binaryData?.[genesisKey];
  return text === undefined ? undefined : Buffer.from(text, 'base64');
}

/**
 * Keeps the first block, once: what it was made from may change later, the block may not. When another process was faster, its
 * block is the one.
 */
export async function storeGenesis(client: Pick<KubernetesClient, 'create' | 'get'>, channel: Channel, block: Uint8Array): Promise<ConfigMap> {
  const ref = { name: genesisName(channel.metadata.name), namespace: channel.metadata.namespace ?? '' };
  const metadata = { ...ref, labels: { [labels.managedBy]: 'guildhall', [labels.channel]: channel.metadata.name } };
  try {
    return await client.create(configMaps, ownedBy(channel, { metadata, binaryData: { [genesisKey]: Buffer.from(block).toString('base64') }, immutable: true }));
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get(configMaps, ref);
    if (existing === undefined) throw error;
    return existing;
  }
}
