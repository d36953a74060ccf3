import { createHash } from 'node:crypto';
import { channelConfiguration, type AgreedChannel } from '@guildhall/agreement';
import { buildGenesisBlock } from '@guildhall/fabric';
import { configMaps, isAlreadyExists, isOwnedBy, ownedBy, type ConfigMap, type KubernetesClient } from '@guildhall/kubernetes';
import { labels, type Channel } from '@guildhall/resources';
import { genesisKey, genesisName } from '../names.ts';

/** Every pass over a channel or a membership looks at the block; objects of a cache, and what was read from them, are never changed. */
const heldBlocks = new WeakMap<ConfigMap, Uint8Array>();
const digests = new WeakMap<Uint8Array, string>();

/** Date and nonce follow from the object, so that a second making gives the same bytes. */
export function genesisBlock(channel: Channel, agreed: AgreedChannel): Uint8Array {
  const { uid = '', creationTimestamp = '' } = channel.metadata;
  const nonce = createHash('sha256').update(uid).digest().subarray(0, 24);
  return buildGenesisBlock(channelConfiguration(agreed), { timestamp: new Date(creationTimestamp), nonce });
}

export function blockDigest(block: Uint8Array): string {
  const known = digests.get(block);
  if (known !== undefined) return known;
  const digest = `sha256:${createHash('sha256').update(block).digest('hex')}`;
  digests.set(block, digest);
  return digest;
}

/**
 * The block that was kept for this channel. One of a former channel of the same name is not it, though it may be there for a while
 * after that channel; one that was put back from a backup is, if it is the block that the channel was made with.
 */
export function blockOf(configMap: ConfigMap | undefined, channel: Channel): Uint8Array | undefined {
  const held = configMap && heldBlock(configMap);
  if (configMap === undefined || held === undefined) return undefined;
  const known = channel.status?.genesisDigest;
  return (known === undefined ? isOwnedBy(configMap, channel) : blockDigest(held) === known) ? held : undefined;
}

function heldBlock(configMap: ConfigMap): Uint8Array | undefined {
  const text = configMap.binaryData?.[genesisKey];
  const known = heldBlocks.get(configMap);
  if (text === undefined || known !== undefined) return known;
  const block = Buffer.from(text, 'base64');
  heldBlocks.set(configMap, block);
  return block;
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
