import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KubernetesClient, KubernetesObject, ResourceType, Service } from '@guildhall/kubernetes';

/** A rule of a Kubernetes Role. `*` stands for all. */
export interface PolicyRule {
  apiGroups: readonly string[];
  /** Plural names; a subresource is `pods/log`. */
  resources: readonly string[];
  verbs: readonly string[];
  resourceNames?: readonly string[];
  /** Namespaces in which the rule holds, `gh-*` being a prefix; without it: everywhere, cluster-scoped kinds included. */
  namespaces?: readonly string[];
}

/** Who asks, and what it may do. What no rule allows is refused. */
export interface Principal {
  name: string;
  rules: readonly PolicyRule[];
}

export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Where names and identities come from; tests give predictable ones. */
export interface Ids {
  uid: () => string;
  /** The five characters that end a generated name. */
  suffix: () => string;
}

export interface PodLogRequest {
  namespace: string;
  name: string;
  container?: string;
  tailLines?: number;
  follow: boolean;
  /** Of the process before the present one. */
  previous: boolean;
  signal: AbortSignal;
}

/** What the API server asks of the half that runs workloads. */
export interface WorkloadPorts {
  /**
   * The clusterIP of a new Service. `used` holds those of all Services there are, so an allocator needs no memory of its
   * own. Throws when none is free. Called once per created Service that names no address itself.
   */
  allocateClusterIP(service: Service, used: ReadonlySet<string>): string;
  /** The log of a pod's container; the API server has checked that the pod exists. Throws at once for what there is not. */
  podLog(request: PodLogRequest): AsyncIterable<Uint8Array>;
}

/** An in-process connection: no HTTP, no serialisation, the same rules and answers. Objects it returns are frozen. */
export interface ClusterClient extends KubernetesClient {
  /** As KubernetesClient.delete; pods with `spec.nodeName` stay, marked, until deleted with `gracePeriodSeconds: 0`. */
  delete<T extends KubernetesObject>(
    type: ResourceType<T>,
    ref: { namespace?: string; name: string },
    options?: {
      uid?: string;
      resourceVersion?: string;
      propagationPolicy?: 'Background';
      gracePeriodSeconds?: number;
    },
  ): Promise<void>;
}

export interface Cluster {
  /** Listener for node:http; the bearer token picks the principal. Ends watches by itself when the connection closes. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** `fieldManager` is the connection's name for server-side apply; by default the principal's name. */
  connect(principal: Principal, options?: { fieldManager?: string }): ClusterClient;
}

/** May do everything: the cluster's own controllers (StatefulSets, pods). */
export const systemPrincipal: Principal = {
  name: 'system:local-cluster',
  rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
};

/*
 * Division of work with the half that runs workloads (src/workloads/):
 * - Owner references (in the background) and the content of deleted namespaces are collected here, in the same commit
 *   as the deletion: no controller is needed, and a crash cannot leave half of it.
 * - Pods are deleted gracefully, as on Kubernetes: DELETE of a pod that has `spec.nodeName` and has not ended sets
 *   `deletionTimestamp` and `deletionGracePeriodSeconds`; who runs it ends the process and then deletes with
 *   `gracePeriodSeconds: 0`. A pod without `spec.nodeName` goes at once.
 * - Status of StatefulSet, Pod, PersistentVolumeClaim, Service: by `applyStatus` or `mergePatch(..., {subresource: 'status'})`.
 * - Watches of an in-process connection do not end by `timeoutSeconds` and send no bookmarks; they end by `signal`.
 */
