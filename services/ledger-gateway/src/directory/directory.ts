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
import { channelView, ledgerView, type ChannelFacts, type ChannelView, type LedgerFacts, type LedgerView, type MemberFacts } from './channel-view.ts';

/** How long what was read is used. Endpoints stay for a node's life; what changes is who leads and which policy holds. */
const FRESH_MS = 3_000;

export interface ChannelAddress {
  readonly consortium: string;
  readonly channel: string;
}

export interface ContractAddress extends ChannelAddress {
  readonly contract: string;
}

/** Finds nodes, members and policies in the resources. */
export interface Directory {
  /** `fresh`: read now, whatever was read before. */
  find(address: ContractAddress, options?: { fresh?: boolean }): Promise<ChannelView>;
  /** For reading alone: the channel needs no contract. */
  findLedger(address: ChannelAddress, options?: { fresh?: boolean }): Promise<LedgerView>;
}

export function createDirectory({ client, clock }: { client: KubernetesClient; clock: Clock }): Directory {
  const contracts = createMemory<ChannelView>(clock);
  const ledgers = createMemory<LedgerView>(clock);
  return {
    find: (address, { fresh = false } = {}) =>
      contracts(`${address.consortium}/${address.channel}/${address.contract}`, fresh, () => readContract(client, address).then(channelView)),
    findLedger: (address, { fresh = false } = {}) =>
      ledgers(`${address.consortium}/${address.channel}`, fresh, () => readLedger(client, address).then(ledgerView)),
  };
}

function createMemory<View>(clock: Clock): (key: string, fresh: boolean, read: () => Promise<View>) => Promise<View> {
  const known = new Map<string, { readonly at: number; readonly view: Promise<View> }>();
  return (key, fresh, read) => {
    const now = clock.monotonic();
    const former = known.get(key);
    if (former && !fresh && now - former.at < FRESH_MS) return former.view;
    for (const [other, { at }] of known) if (now - at >= FRESH_MS) known.delete(other);
    const view = read();
    known.set(key, { at: now, view });
    view.catch(() => known.get(key)?.view === view && known.delete(key)); // What is not there yet is asked for again.
    return view;
  };
}

async function readContract(client: KubernetesClient, address: ContractAddress): Promise<ChannelFacts> {
  const namespace = consortiumNamespace(address.consortium);
  const [ledger, foundContract] = await Promise.all([
    readLedger(client, address, address.contract),
    client.get(contract.type, { namespace, name: address.contract }),
  ]);
  if (!foundContract) throw new TransactionError('NOT_FOUND', `Consortium ${address.consortium} has no contract ${address.contract}.`);
  return { ...ledger, contract: foundContract };
}

async function readLedger(client: KubernetesClient, address: ChannelAddress, contractName?: string): Promise<LedgerFacts> {
  const namespace = consortiumNamespace(address.consortium);
  const [foundConsortium, foundChannel] = await Promise.all([
    client.get(consortium.type, { namespace, name: address.consortium }),
    client.get(channel.type, { namespace, name: address.channel }),
  ]);
  if (!foundConsortium) throw new TransactionError('NOT_FOUND', `There is no consortium ${address.consortium}.`);
  if (!foundChannel) throw new TransactionError('NOT_FOUND', `Consortium ${address.consortium} has no channel ${address.channel}.`);
  const involved = new Set([
    ...foundChannel.spec.members.map(({ name }) => name),
    ...foundChannel.spec.orderers.map(({ member }) => member),
  ]);
  const members = foundConsortium.spec.members.filter(({ name }) => involved.has(name));
  return { channel: foundChannel, members: await Promise.all(members.map((entry) => readMember(client, address.channel, contractName, entry))) };
}

async function readMember(
  client: KubernetesClient,
  channelName: string,
  contractName: string | undefined,
  { name, namespace }: { name: string; namespace: string },
): Promise<MemberFacts> {
  const [found, nodes, membership, installation] = await Promise.all([
    client.get(member.type, { namespace, name }),
    client.list(node.type, { namespace }),
    client.get(channelMembership.type, { namespace, name: channelName }),
    contractName === undefined ? undefined : client.get(contractInstallation.type, { namespace, name: contractName }),
  ]);
  return { name, namespace, member: found, nodes: nodes.items, membership, installation };
}
