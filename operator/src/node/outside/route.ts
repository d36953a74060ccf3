import type { Applied, Condition, KubernetesObject, Pod, ResourceType, Service } from '@guildhall/kubernetes';
import { ports, type Node } from '@guildhall/resources';
import { nodeNames } from '../../names.ts';
import type { GatewaySettings } from '../../settings.ts';
import { endpointsOf } from '../workload/endpoints.ts';

/** At a port of every machine of the cluster: gRPC alone, and only while the node is ready. */
export function nodePortService(node: Node, labels: Record<string, string>, pod: Pod | undefined): Applied<Service> {
  const { metadata: { name, namespace = '' }, spec: { role } } = node;
  const port = ports[role].grpc;
  return {
    metadata: { name: nodeNames(name).external, namespace, labels },
    spec: { type: 'NodePort', selector: endpointsOf(node, labels, pod), ports: [{ name: 'grpc', port, targetPort: port, protocol: 'TCP' }] },
  };
}

export interface TlsRoute extends KubernetesObject {
  spec: {
    parentRefs: { namespace: string; name: string; sectionName?: string }[];
    hostnames: string[];
    rules: { backendRefs: { name: string; port: number }[] }[];
  };
  /** Written by gateways. */
  status?: { parents?: { parentRef: { namespace?: string; name: string }; conditions?: Condition[] }[] };
}
/** Of the Gateway API; as its version of the cluster calls it. */
export const tlsRoutes = (version: string): ResourceType<TlsRoute> => ({ group: 'gateway.networking.k8s.io', version, kind: 'TLSRoute', plural: 'tlsroutes', namespaced: true });

/** Leads whoever asks for this name to the node, without ending his TLS. */
export function tlsRoute({ metadata: { name, namespace = '' }, spec: { role } }: Node, labels: Record<string, string>, host: string, gateway: GatewaySettings): Applied<TlsRoute> {
  return {
    metadata: { name, namespace, labels },
    spec: {
      parentRefs: [{ namespace: gateway.namespace, name: gateway.name, ...(gateway.listener === undefined ? {} : { sectionName: gateway.listener }) }],
      hostnames: [host],
      rules: [{ backendRefs: [{ name, port: ports[role].grpc }] }],
    },
  };
}
