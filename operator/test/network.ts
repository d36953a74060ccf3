import { namespaces, type KubernetesClient } from '@guildhall/kubernetes';
import {
  channel, channelMembership, consortium, consortiumNamespace, contract, contractInstallation, member, memberNamespace, node, object, specDigest,
  type Channel, type Contract, type Member,
} from '@guildhall/resources';

/** What the control plane would write for one consortium: three orderers of one member, a peer each of two others, a channel, a contract. */
export interface NetworkSpec {
  name: string;
  orderers: number;
  peers: readonly string[];
  artifactDigest?: string;
  version?: string;
}

const mspId = (name: string): string => `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}MSP`;
const ordering = 'ordering';

const exposure = 'Local' as const;

export async function writeNetwork(client: KubernetesClient, { name, orderers, peers, artifactDigest, version = '1' }: NetworkSpec): Promise<void> {
  const namespace = consortiumNamespace(name);
  const members = [ordering, ...peers];
  const entries = members.map((each) => ({ name: each, mspId: mspId(each), namespace: memberNamespace(name, each) }));
  const nodesOf = (each: string): string[] => (each === ordering ? Array.from({ length: orderers }, (_, index) => `orderer${index}`) : ['peer0']);
  await Promise.all([namespace, ...entries.map((entry) => entry.namespace)].map((each) => client.apply(namespaces, { metadata: { name: each } })));

  const channelSpec: Channel['spec'] = {
    members: members.map((each) => ({ name: each })),
    orderers: nodesOf(ordering).map((each) => ({ member: ordering, node: each })),
    ordering: { type: 'raft' },
    policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
  };
  const contractSpec: Contract['spec'] | undefined = artifactDigest === undefined ? undefined : { channel: 'trade', version, artifactDigest, endorsementPolicy: '' };
  const profile = 'sandbox' as const;
  await Promise.all([
    client.apply(consortium.type, object(consortium.type, { name, namespace }, { ledger: { engine: 'fabric', version: '3.1' }, profile, members: entries })),
    client.apply(channel.type, object(channel.type, { name: 'trade', namespace }, channelSpec)),
    contractSpec && client.apply(contract.type, object(contract.type, { name: 'receivable', namespace }, contractSpec)),
    ...entries.flatMap((entry) => {
      const roles: Member['spec']['roles'] = entry.name === ordering ? ['ordering'] : ['endorsing'];
      const role = entry.name === ordering ? ('orderer' as const) : ('peer' as const);
      const own = nodesOf(entry.name);
      const orderersOf = role === 'orderer' ? own : [];
      const peersOf = role === 'peer' ? own : [];
      const at = (objectName: string): { name: string; namespace: string } => ({ name: objectName, namespace: entry.namespace });
      return [
        client.apply(member.type, object(member.type, at(entry.name), { consortium: { namespace, name }, mspId: entry.mspId, roles, certificateAuthority: 'hosted', applicationRoles: [] })),
        ...own.map((each) => client.apply(node.type, object(node.type, at(each), { member: entry.name, role, version: '3.1', storage: { size: '1Gi' }, exposure }))),
        client.apply(
          channelMembership.type,
          object(channelMembership.type, at('trade'), { channel: { namespace, name: 'trade' }, channelDigest: specDigest(channelSpec), peers: peersOf, orderers: orderersOf, anchorPeers: peersOf }),
        ),
        contractSpec && role === 'peer'
          ? client.apply(
              contractInstallation.type,
              object(contractInstallation.type, at('receivable'), {
                contract: { namespace, name: 'receivable' },
                contractDigest: specDigest(contractSpec),
                artifactDigest: contractSpec.artifactDigest,
                peers: peersOf,
              }),
            )
          : undefined,
      ];
    }),
  ]);
}
