/** The built-in kinds that Guildhall uses, with the fields it uses. Workloads are in workloads.ts. */
import type { KubernetesObject, ResourceType } from './types.ts';

export interface Namespace extends KubernetesObject {
  status?: { phase?: 'Active' | 'Terminating'; conditions?: { type: string; status: string; message?: string }[] };
}
export const namespaces: ResourceType<Namespace> = {
  group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false,
};

export interface Secret extends KubernetesObject {
  type?: string;
  /** Values are base64. */
  data?: Record<string, string>;
  immutable?: boolean;
}
export const secrets: ResourceType<Secret> = {
  group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true,
};

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
  /** Values are base64. */
  binaryData?: Record<string, string>;
  immutable?: boolean;
}
export const configMaps: ResourceType<ConfigMap> = {
  group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true,
};

export interface ServicePort {
  name?: string;
  protocol?: 'TCP' | 'UDP' | 'SCTP';
  port: number;
  targetPort?: number | string;
  nodePort?: number;
  appProtocol?: string;
}
export interface Service extends KubernetesObject {
  spec: {
    type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    clusterIP?: string;
    clusterIPs?: string[];
    ports?: ServicePort[];
    selector?: Record<string, string>;
    publishNotReadyAddresses?: boolean;
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
}
export const services: ResourceType<Service> = {
  group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true,
};

export interface PersistentVolumeClaimSpec {
  accessModes?: string[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  storageClassName?: string;
  volumeMode?: string;
  volumeName?: string;
}
export interface PersistentVolumeClaim extends KubernetesObject {
  spec: PersistentVolumeClaimSpec;
  status?: {
    phase?: 'Pending' | 'Bound' | 'Lost';
    capacity?: Record<string, string>;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}
export const persistentVolumeClaims: ResourceType<PersistentVolumeClaim> = {
  group: '', version: 'v1', kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims', namespaced: true,
};

export interface ObjectReference {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}
export interface Event extends KubernetesObject {
  /** MicroTime: RFC 3339 with six digits of fraction. Null where a program writes events in the former way (core/v1). */
  eventTime: string;
  /** Of such a program. */
  deprecatedLastTimestamp?: string | null;
  type: 'Normal' | 'Warning';
  /** CamelCase, at most 128 characters. */
  reason: string;
  /** What was done or attempted, CamelCase, at most 128 characters. */
  action: string;
  /** At most 1024 bytes. */
  note?: string;
  regarding: ObjectReference;
  related?: ObjectReference;
  reportingController: string;
  reportingInstance: string;
  series?: { count: number; lastObservedTime: string };
}
export const events: ResourceType<Event> = {
  group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events', namespaced: true,
};

export interface Lease extends KubernetesObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    /** MicroTime: six digits of fraction, or the API server answers 400. */
    acquireTime?: string;
    /** MicroTime. */
    renewTime?: string;
    leaseTransitions?: number;
  };
}
export const leases: ResourceType<Lease> = {
  group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true,
};

export interface CustomResourceDefinition extends KubernetesObject {
  spec: {
    group: string;
    scope: 'Namespaced' | 'Cluster';
    names: { kind: string; plural: string; singular?: string; listKind?: string; shortNames?: string[]; categories?: string[] };
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema?: { openAPIV3Schema?: Record<string, unknown> };
      subresources?: { status?: Record<string, never> };
      additionalPrinterColumns?: { name: string; type: string; jsonPath: string; priority?: number; description?: string; format?: string }[];
    }[];
  };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[] };
}
export const customResourceDefinitions: ResourceType<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', plural: 'customresourcedefinitions', namespaced: false,
};

/** Is created to ask; the answer is its status. */
export interface TokenReview extends KubernetesObject {
  spec: { token: string; audiences?: string[] };
  status?: {
    authenticated?: boolean;
    user?: { username?: string; uid?: string; groups?: string[] };
    /** Those of the asked ones that the token is made out for; left out by a server that knows no audiences. */
    audiences?: string[];
    error?: string;
  };
}
export const tokenReviews: ResourceType<TokenReview> = {
  group: 'authentication.k8s.io', version: 'v1', kind: 'TokenReview', plural: 'tokenreviews', namespaced: false,
};
