import type { Inspection } from '@guildhall/fabric';
import { secrets, type KubernetesClient, type Secret } from '@guildhall/kubernetes';
import { createSigner } from '@guildhall/pki';
import type { Consortium, Member, Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import type { Heights } from '../monitor/heights.ts';
import { nodeNames } from '../names.ts';
import type { Problem } from '../outcome.ts';
import { podState } from '../workload/pod-state.ts';
import { progressOf } from './certificates.ts';
import type { NodeObserved, PublicKeys } from './decide.ts';
import { gossipStart } from './gossip.ts';
import { healthOf } from './health.ts';
import { addressesOf } from './workload/service.ts';

export interface NodeFound {
  observed: NodeObserved;
  /** With the private keys. */
  keysSecret: Secret | undefined;
  certificatesSecret: Secret | undefined;
}

interface Sources {
  client: Pick<KubernetesClient, 'get'>;
  informers: Informers;
  heights: Heights;
  inspection: Inspection | undefined;
  now: number;
}

export async function observeNode(node: Node, { member, consortium }: { member: Member; consortium: Consortium }, sources: Sources): Promise<NodeFound> {
  const { client, informers, heights, inspection } = sources;
  const { name, namespace } = node.metadata;
  const names = nodeNames(name);
  const secret = (of: string): Promise<Secret | undefined> => client.get(secrets, { name: of, ...(namespace === undefined ? {} : { namespace }) });
  // Secrets are read when needed and cached nowhere.
  const [keysSecret, certificatesSecret] = await Promise.all([secret(names.keys), secret(names.certificates)]);
  const certificates = {
    identity: progressOf(informers.certificateRequests.get(namespace, names.identityRequest)),
    tls: progressOf(informers.certificateRequests.get(namespace, names.tlsRequest)),
  };
  const pod = podState(informers.pods.get(namespace, names.pod), informers.claims.get(namespace, names.claim));
  const observed: NodeObserved = {
    node,
    memberRoles: member.spec.roles,
    authority: member.status?.certificateAuthority,
    keys: keysSecret && publicKeysOf(keysSecret),
    hadKeys:
      certificatesSecret !== undefined || certificates.identity.csr !== undefined || certificates.tls.csr !== undefined || (node.status?.certificates?.length ?? 0) > 0,
    addresses: addressesOf(node, informers.services.get(namespace, name)),
    gossip: gossipStart(informers, node),
    certificates,
    pod,
    health: healthOf(pod, inspection, node.status?.health, sources.now),
    inspection,
    behind: behindOthers(consortium, inspection, heights),
  };
  return { observed, keysSecret, certificatesSecret };
}

export const keyText = (secret: Secret, name: 'identity.key' | 'tls.key'): string => Buffer.from(secret.data?.[name] ?? '', 'base64').toString('utf8');

/** Undefined when a key is missing from the Secret: that is as bad as no Secret. */
function publicKeysOf(secret: Secret): PublicKeys | undefined {
  if (secret.data?.['identity.key'] === undefined || secret.data['tls.key'] === undefined) return undefined;
  const publicKey = (name: 'identity.key' | 'tls.key'): Uint8Array => createSigner(keyText(secret, name)).publicKey;
  return { identity: publicKey('identity.key'), tls: publicKey('tls.key') };
}

export const channelKey = (consortium: Consortium, channel: string): string => `${consortium.metadata.namespace ?? ''}/${channel}`;

function behindOthers(consortium: Consortium, inspection: Inspection | undefined, heights: Heights): Problem | undefined {
  const behind = inspection?.channels.filter(({ name, height }) => !heights.isLevel(channelKey(consortium, name), height)) ?? [];
  if (behind.length === 0) return undefined;
  const parts = behind.map(({ name, height }) => `block ${height} of ${heights.highest(channelKey(consortium, name))} on channel ${name}`);
  return { reason: 'BehindOthers', message: `The node is behind the others: ${parts.join(', ')}. It catches up by itself; when it does not, its log says why.` };
}
