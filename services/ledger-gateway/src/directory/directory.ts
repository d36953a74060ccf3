import type { Clock, KubernetesClient } from '@guildhall/kubernetes';
import {
  channel,
  channelMembership,
  consortium,
  consortiumNamespace,
  contract,
  contractInstallation,
  member,
  node,
} from '@guildhall/resources';
import { TransactionError } from '../errors.ts';
import { channelView, type ChannelFacts, type ChannelView, type MemberFacts } from './channel-view.ts';

/** How long what was read is used. Endpoints stay for a node's life; what changes is who leads and which policy holds. */
const FRESH_MS = 3_000;

export interface ContractAddress {
  readonly consortium: string;
  readonly channel: string;
  readonly contract: string;
}

/** Finds nodes, members and policies in the resources. */
export interface Directory {
  /** `fresh`: read now, whatever was read before. */
  find(address: ContractAddress, options?: { fresh?: boolean }): Promise<ChannelView>;
}

export function createDirectory({ client, clock }: { client: KubernetesClient; clock: Clock }): Directory {
  const known = new Map<string, { readonly at: number; readonly view: Promise<ChannelView> }>();
  return {
    find(address, { fresh = false } = {}) {
      const key = `${address.consortium}/${address.channel}/${address.contract}`;
      const now = clock.monotonic();
      const former = known.get(key);
      if (former && !fresh && now - former.at < FRESH_MS) return former.view;
      for (const [other, { at }] of known) if (now - at >= FRESH_MS) known.delete(other);
      const view = read(client, address).then(channelView);
      known.set(key, { at: now, view });
      view.catch(() => known.get(key)?.view === view && known.delete(key)); // What is not there yet is asked for again.
      return view;
    },
  };
}

async function read(client: KubernetesClient, address: ContractAddress): Promise<ChannelFacts> {
  const namespace = consortiumNamespace(address.consortium);
  const [foundConsortium, foundChannel, foundContract] = await Promise.all([
    client.get(consortium.type, { namespace, name: address.consortium }),
    client.get(channel.type, { namespace, name: address.channel }),
    client.get(contract.type, { namespace, name: address.contract }),
  ]);
  if (!foundConsortium) throw new TransactionError('NOT_FOUND', `There is no consortium ${address.consortium}.`);
  if (!foundChannel) throw new TransactionError('NOT_FOUND', `Consortium ${address.consortium} has no channel ${address.channel}.`);
  if (!foundContract) throw new TransactionError('NOT_FOUND', `Consortium ${address.consortium} has no contract ${address.contract}.`);
  const involved = new Set([
    ...foundChannel.spec.members.map(({ name }) => name),
    ...foundChannel.spec.orderers.map(({ member }) => member),
  ]);
  const members = foundConsortium.spec.members.filter(({ name }) => involved.has(name));
  return {
    channel: foundChannel,
    contract: foundContract,
    members: await Promise.all(members.map((entry) => readMember(client, address, entry))),
  };
}

async function readMember(
  client: KubernetesClient,
  address: ContractAddress,
  { name, namespace }: { name: string; namespace: string },
): Promise<MemberFacts> {
  const [found, nodes, membership, installation] = await Promise.all([
    client.get(member.type, { namespace, name }),
    client.list(node.type, { namespace }),
    client.get(channelMembership.type, { namespace, name: address.channel }),
    client.get(contractInstallation.type, { namespace, name: address.contract }),
  ]);
  return { name, namespace, member: found, nodes: nodes.items, membership, installation };
}
