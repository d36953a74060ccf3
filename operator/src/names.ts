import type { ObjectMeta } from '@guildhall/kubernetes';
import { labels, type ContractInstallation, type Member, type Node } from '@guildhall/resources';

/** Names of what is made for a Node. The workload, its Service and its StatefulSet are named as the Node. */
export const nodeNames = (node: string) => ({
  /** The Service by which it is reached from outside; no node has two hyphens in its name, so it is no other node's own. */
  external: `${node}--external`,
  keys: `${node}-keys`,
  certificates: `${node}-certificates`,
  config: `${node}-config`,
  /** Where a peer's builder finds each contract's address, by package label. */
  contracts: `${node}-contracts`,
  identityRequest: `${node}-identity`,
  tlsRequest: `${node}-tls`,
  pod: `${node}-0`,
  claim: `data-${node}-0`,
});

/** A contract's instance is named after its code, so that the old and the new one can run side by side. */
export const instanceName = (contract: string, artifactDigest: string): string => `${contract}-${artifactDigest.slice('sha256:'.length, 'sha256:'.length + 10)}`;

export const isInstanceOf = (instance: string, contract: string): boolean => instance.startsWith(`${contract}-`) && /^[0-9a-f]{10}$/.test(instance.slice(contract.length + 1));

export const instanceNames = (instance: string) => ({
  keys: `${instance}-keys`,
  certificates: `${instance}-certificates`,
  tlsRequest: `${instance}-tls`,
  pod: `${instance}-0`,
});

export const genesisName = (channel: string): string => `channel-${channel}`;
export const genesisKey = 'genesis.block';

export const memberLabels = (member: Member): Record<string, string> => ({
  [labels.consortium]: member.spec.consortium.name,
  [labels.member]: member.metadata.name,
  [labels.managedBy]: 'guildhall',
});

export const nodeLabels = (member: Member, node: Node): Record<string, string> => ({
  ...memberLabels(member),
  [labels.node]: node.metadata.name,
  [labels.component]: node.spec.role,
});

export const instanceLabels = (member: Member, installation: ContractInstallation, instance: string): Record<string, string> => ({
  ...memberLabels(member),
  [labels.contract]: installation.metadata.name,
  [labels.component]: 'contract',
  'app.kubernetes.io/instance': instance,
});

/** The part of an object's metadata that names it. */
export const identityOf = ({ name, namespace }: ObjectMeta): { namespace: string; name: string } => ({ namespace: namespace ?? '', name });
