import { namespaces, type KubernetesClient } from '@guildhall/kubernetes';
import {
  channel, channelMembership, codeDigest, consortium, consortiumNamespace, contract, contractInstallation, member, memberNamespace, node, object, specDigest,
  type Channel, type Contract, type Member,
} from '@guildhall/resources';

/** What the control plane would write for one consortium: some orderers, members with peers, a channel of all, a contract. */
export interface NetworkSpec {
  name: string;
  orderers: number;
  /** The members that endorse. */
  peers: readonly string[];
  /** How many peers each of them has; 1 by default. */
  peersEach?: number;
  /** Peers that are not, or no longer, there, as `member/peer`. */
  without?: readonly string[];
  /** The orderers belong to those members, one after the other; otherwise to a member of their own. */
  together?: boolean;
  /** The contract's code, one of the two; without it there is no contract. */
  artifactDigest?: string;
  image?: string;
  version?: string;
}

interface Party {
  name: string;
  mspId: string;
  namespace: string;
  orderers: string[];
  peers: string[];
}

const ordering = 'ordering';
const exposure = 'Local' as const;
const counted = (word: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${word}${index}`);

function partiesOf({ name: consortiumName, orderers, peers, peersEach = 1, together = false, without = [] }: NetworkSpec): Party[] {
  const all = counted('orderer', orderers);
  const party = (name: string, own: string[], count: number): Party => ({
    name,
    mspId: `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}MSP`,
    namespace: memberNamespace(consortiumName, name),
    orderers: own,
    peers: counted('peer', count).filter((peer) => !without.includes(`${name}/${peer}`)),
  });
  if (!together) return [party(ordering, all, 0), ...peers.map((each) => party(each, [], peersEach))];
  return peers.map((each, index) => party(each, all.filter((_, number) => number % peers.length === index), peersEach));
}

const rolesOf = ({ orderers, peers }: Party): Member['spec']['roles'] => [...(orderers.length > 0 ? (['ordering'] as const) : []), ...(peers.length > 0 ? (['endorsing'] as const) : [])];

export async function writeNetwork(client: KubernetesClient, network: NetworkSpec): Promise<void> {
  const { name, artifactDigest, image, version = '1' } = network;
  const code = image === undefined ? { artifactDigest } : { image };
  const namespace = consortiumNamespace(name);
  const parties = partiesOf(network);
  const entries = parties.map(({ name: each, mspId, namespace: own }) => ({ name: each, mspId, namespace: own }));
  await Promise.all([namespace, ...entries.map((entry) => entry.namespace)].map((each) => client.apply(namespaces, { metadata: { name: each } })));

  const channelSpec: Channel['spec'] = {
    members: parties.map((each) => ({ name: each.name })),
    orderers: parties.flatMap((each) => each.orderers.map((own) => ({ member: each.name, node: own }))),
    ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  };
  const contractSpec: Contract['spec'] | undefined = codeDigest(code) === '' ? undefined : { channel: 'trade', version, ...code, endorsementPolicy: '' };
  const profile = 'sandbox' as const;
  await Promise.all([
    client.apply(consortium.type, object(consortium.type, { name, namespace }, { ledger: { engine: 'fabric', version: '3.1' }, profile, members: entries })),
    client.apply(channel.type, object(channel.type, { name: 'trade', namespace }, channelSpec)),
    contractSpec && client.apply(contract.type, object(contract.type, { name: 'receivable', namespace }, contractSpec)),
    ...parties.flatMap((party) => {
      const at = (objectName: string): { name: string; namespace: string } => ({ name: objectName, namespace: party.namespace });
      const runs = (role: 'orderer' | 'peer') => (each: string) =>
        client.apply(node.type, object(node.type, at(each), { member: party.name, role, version: '3.1', storage: { size: '1Gi' }, exposure }));
      return [
        client.apply(member.type, object(member.type, at(party.name), { consortium: { namespace, name }, mspId: party.mspId, roles: rolesOf(party), certificateAuthority: 'hosted', applicationRoles: [] })),
        ...party.orderers.map(runs('orderer')),
        ...party.peers.map(runs('peer')),
        client.apply(
          channelMembership.type,
          object(channelMembership.type, at('trade'), {
            channel: { namespace, name: 'trade' }, channelDigest: specDigest(channelSpec), peers: party.peers, orderers: party.orderers, anchorPeers: party.peers.slice(0, 1),
          }),
        ),
        contractSpec && party.peers.length > 0
          ? client.apply(
              contractInstallation.type,
              object(contractInstallation.type, at('receivable'), {
                contract: { namespace, name: 'receivable' }, contractDigest: specDigest(contractSpec), ...code, peers: party.peers,
              }),
            )
          : undefined,
      ];
    }),
  ]);
}
