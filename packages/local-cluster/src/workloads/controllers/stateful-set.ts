import { createHash } from 'node:crypto';
import {
  canonicalJson, controllerOf, isDeleting, ownerReference, revisionLabel, type Applied, type PersistentVolumeClaim, type Pod, type StatefulSet,
} from '@guildhall/kubernetes';

/** What is to be done next for a StatefulSet; everything else waits for what this brings about. */
export type StatefulSetStep =
  | { readonly kind: 'create-claim'; readonly claim: Applied<PersistentVolumeClaim> }
  | { readonly kind: 'create-pod'; readonly pod: Applied<Pod> }
  | { readonly kind: 'delete-pod'; readonly pod: Pod }
  /** Something is in the way that goes away without us, or not at all; `warning` tells people. */
  | { readonly kind: 'wait'; readonly warning?: string }
  | { readonly kind: 'rest' };

export interface StatefulSetObservation {
  readonly set: StatefulSet;
  readonly pod: Pod | undefined;
  /** Names of the namespace's claims. */
  readonly claims: ReadonlySet<string>;
}

export function podName({ metadata }: StatefulSet): string {
  return `${metadata.name}-0`;
}

/** By the template in the cache, which never changes. */
const digests = new WeakMap<object, string>();

/** Changes whenever the template does, and with nothing else. */
export function revisionOf({ metadata, spec: { template } }: StatefulSet): string {
  const digest = digests.get(template) ?? createHash('sha256').update(canonicalJson(template)).digest('hex').slice(0, 10);
  digests.set(template, digest);
  return `${metadata.name}-${digest}`;
}

/** Decides as the StatefulSet controller of Kubernetes does for one replica. */
export function decide({ set, pod, claims }: StatefulSetObservation, nodeName: string): StatefulSetStep {
  const { replicas = 1, updateStrategy } = set.spec;
  if (isDeleting(set)) return { kind: 'rest' };
  if (replicas > 1) return { kind: 'wait', warning: `The local cluster runs StatefulSets of one replica, not of ${replicas}` };
  if (pod === undefined) {
    if (replicas === 0) return { kind: 'rest' };
    const missing = claimsOf(set).find((claim) => !claims.has(claim.metadata.name));
    return missing === undefined ? { kind: 'create-pod', pod: podOf(set, nodeName) } : { kind: 'create-claim', claim: missing };
  }
  if (isDeleting(pod)) return { kind: 'wait' };
  if (controllerOf(pod)?.uid !== set.metadata.uid) {
    return { kind: 'wait', warning: `The pod ${pod.metadata.name} does not belong to this StatefulSet: delete it, or give the StatefulSet another name` };
  }
  const outdated = pod.metadata.labels?.[revisionLabel] !== revisionOf(set);
  if (replicas === 0 || (outdated && updateStrategy?.type !== 'OnDelete')) return { kind: 'delete-pod', pod };
  return { kind: 'rest' };
}

export type StatefulSetStatus = NonNullable<StatefulSet['status']>;

export function statusOf({ set, pod }: StatefulSetObservation): StatefulSetStatus {
  const own = pod !== undefined && controllerOf(pod)?.uid === set.metadata.uid ? pod : undefined;
  const present = own === undefined ? 0 : 1;
  const ready = own !== undefined && isReady(own) ? 1 : 0;
  const updateRevision = revisionOf(set);
  const currentRevision = own?.metadata.labels?.[revisionLabel] ?? set.status?.currentRevision ?? updateRevision;
  return {
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    replicas: present,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: present,
    updatedReplicas: currentRevision === updateRevision ? present : 0,
    currentRevision,
    updateRevision,
  };
}

function isReady(pod: Pod): boolean {
  return !isDeleting(pod) && pod.status?.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') === true;
}

function podOf(set: StatefulSet, nodeName: string): Applied<Pod> {
  const { template, serviceName, volumeClaimTemplates = [] } = set.spec;
  const name = podName(set);
  const claimed = volumeClaimTemplates.map((claim) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: claimName(set, claim.metadata.name) },
  }));
  const taken = new Set(claimed.map((it) => it.name));
  const volumes = [...(template.spec.volumes ?? []).filter((it) => !taken.has(it.name)), ...claimed];
  return {
    metadata: {
      name,
      ...inNamespaceOf(set),
      labels: {
        ...template.metadata?.labels,
        'apps.kubernetes.io/pod-index': '0',
        'statefulset.kubernetes.io/pod-name': name,
        [revisionLabel]: revisionOf(set),
      },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReference(set)],
    },
    spec: { ...template.spec, volumes, hostname: name, ...(serviceName ? { subdomain: serviceName } : {}), nodeName },
  };
}

function claimsOf(set: StatefulSet): Applied<PersistentVolumeClaim>[] {
  const owned = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    metadata: {
      name: claimName(set, metadata.name),
      ...inNamespaceOf(set),
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(owned ? { ownerReferences: [ownerReference(set)] } : {}),
    },
    spec,
  }));
}

function claimName(set: StatefulSet, template: string): string {
  return `${template}-${podName(set)}`;
}

function inNamespaceOf({ metadata: { namespace } }: StatefulSet): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
