import type { Inspection } from '@guildhall/fabric';
import { isOwnedBy } from '@guildhall/kubernetes';
import type { CertificateRequest, Consortium, Member, Node } from '@guildhall/resources';
import type { Informers } from '../cluster/informers.ts';
import type { Heights } from '../monitor/heights.ts';
import { nodeNames } from '../names.ts';
import type { Problem } from '../outcome.ts';
import type { ClusterWord } from '../workload/cluster-words.ts';
import { podState, podStatus } from '../workload/pod-state.ts';
import { progressOf, type CertificateUse } from './certificates.ts';
import type { NodeObserved } from './decide.ts';
import { gossipStart } from './gossip.ts';
import { healthOf } from './health.ts';
import type { NodeSecrets } from './secrets.ts';
import { volumeOf } from './volume/growth.ts';
import type { OperatorSettings } from '../settings.ts';
import { outsideOf, type Way } from './outside/outside.ts';
import { addressesOf } from './workload/service.ts';
import { isOutdated } from './workload/stateful-set.ts';

interface Sources {
  informers: Informers;
  heights: Heights;
  inspection: Inspection | undefined;
  /** Why the volume may not grow. */
  refusal: string | undefined;
  /** Why its pod does not come. */
  word: ClusterWord | undefined;
  exposure: OperatorSettings['exposure'];
  way: Way;
  now: number;
}

/** Those of a former node of this name may be there for a while: they are not this one's. */
export function requestsOf({ certificateRequests }: Pick<Informers, 'certificateRequests'>, node: Node): Record<CertificateUse, CertificateRequest | undefined> {
  const { name, namespace } = node.metadata;
  const names = nodeNames(name);
  const own = (requestName: string): CertificateRequest | undefined => {
    const request = certificateRequests.get(namespace, requestName);
    return request !== undefined && isOwnedBy(request, node) ? request : undefined;
  };
  return { identity: own(names.identityRequest), tls: own(names.tlsRequest) };
}

/**
 * `requests` are to be looked up before the Secrets are read: a request that is seen was made after its key, so a key that is then
 * missing is really gone.
 */
export function observeNode(
  node: Node,
  { member, consortium }: { member: Member; consortium: Consortium },
  { keys, hasCertificates }: NodeSecrets,
  requests: ReturnType<typeof requestsOf>,
  sources: Sources,
): NodeObserved {
  const { informers, heights, inspection, exposure, way } = sources;
  const { name, namespace } = node.metadata;
  const names = nodeNames(name);
  const certificates = { identity: progressOf(requests.identity), tls: progressOf(requests.tls) };
  const found = informers.pods.get(namespace, names.pod);
  const set = informers.statefulSets.get(namespace, name);
  const claim = informers.claims.get(namespace, names.claim);
  const pod = podState(found, { claim, word: sources.word });
  return {
    node,
    memberRoles: member.spec.roles,
    authority: member.status?.certificateAuthority,
    keys,
    hadKeys: hasCertificates || certificates.identity.csr !== undefined || certificates.tls.csr !== undefined || (node.status?.certificates?.length ?? 0) > 0,
    addresses: addressesOf(node, informers.services.get(namespace, name)),
    gossip: gossipStart(informers, node),
    certificates,
    pod,
    podStatus: podStatus(found),
    outdated: found !== undefined && set !== undefined && isOutdated(set, found),
    volume: volumeOf(node, claim, sources.refusal),
    health: healthOf(pod, inspection, node.status?.health, sources.now),
    inspection,
    behind: behindOthers(consortium, inspection, heights),
    outside: outsideOf(node, { exposure, service: informers.services.get(namespace, names.external), ...way }),
  };
}

/** By the consortium's uid: one that is made again under an old name begins with new ledgers. */
export const channelKey = (consortium: Consortium, channel: string): string => `${consortium.metadata.uid ?? ''}/${channel}`;

function behindOthers(consortium: Consortium, inspection: Inspection | undefined, heights: Heights): Problem | undefined {
  const behind = inspection?.channels.filter(({ name, height }) => !heights.isLevel(channelKey(consortium, name), height)) ?? [];
  if (behind.length === 0) return undefined;
  const parts = behind.map(({ name, height }) => `block ${height} of ${heights.highest(channelKey(consortium, name))} on channel ${name}`);
  return { reason: 'BehindOthers', message: `The node is behind the others: ${parts.join(', ')}. It catches up by itself; when it does not, its log says why.` };
}
