import {
  byOwner, byLabel, configMaps, createInformer, machines, persistentVolumeClaims, podDisruptionBudgets, pods, services, statefulSets,
  type Clock, type Informer, type KubernetesClient, type KubernetesObject, type Logger, type Metrics, type ResourceType,
} from '@guildhall/kubernetes';
import {
  certificateRequest, channel, channelMembership, consortium, contract, contractInstallation, labels, member, node, signingRequest,
} from '@guildhall/resources';

export type Informers = ReturnType<typeof createInformers>;

/** One cache per kind for all controllers. Of built-in kinds only what Guildhall made. */
export function createInformers(client: KubernetesClient, options: { clock: Clock; logger: Logger; metrics?: Metrics }) {
  const own = <T extends KubernetesObject>(type: ResourceType<T>, indexes: Record<string, (object: T) => string[]> = {}): Informer<T> =>
    createInformer(client, type, { ...options, indexes });
  const made = <T extends KubernetesObject>(type: ResourceType<T>): Informer<T> =>
    createInformer(client, type, { ...options, labelSelector: `${labels.managedBy}=guildhall`, indexes: { owner: byOwner, node: byLabel(labels.node) } });

  return {
    consortia: own(consortium.type),
    members: own(member.type, { consortium: ({ spec }) => [refKey(spec.consortium)] }),
    nodes: own(node.type),
    channels: own(channel.type),
    memberships: own(channelMembership.type, { channel: ({ spec }) => [refKey(spec.channel)] }),
    contracts: own(contract.type, { channel: ({ spec, metadata }) => [refKey({ namespace: metadata.namespace ?? '', name: spec.channel })] }),
    installations: own(contractInstallation.type, { contract: ({ spec }) => [refKey(spec.contract)] }),
    certificateRequests: own(certificateRequest.type, { owner: byOwner }),
    signingRequests: own(signingRequest.type, { intent: ({ spec }) => [spec.intent.uid] }),
    services: made(services),
    configMaps: made(configMaps),
    statefulSets: made(statefulSets),
    pods: made(pods),
    claims: made(persistentVolumeClaims),
    budgets: made(podDisruptionBudgets),
    machines: own(machines),
  };
}

export const refKey = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`;
