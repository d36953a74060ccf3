import type { Applied, Pod, Service } from '@guildhall/kubernetes';
import { ports, type Node } from '@guildhall/resources';
import { endpointsOf } from './endpoints.ts';

/** The address that a node keeps for life. Not ready nodes are in it too: they must find one another to become ready. */
export function service(node: Node, labels: Record<string, string>, pod: Pod | undefined): Applied<Service> {
  const { name, namespace } = node.metadata;
  return {
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
    spec: {
      type: 'ClusterIP',
      publishNotReadyAddresses: true,
      selector: endpointsOf(node, labels, pod),
      ports: Object.entries(ports[node.spec.role]).map(([portName, port]) => ({ name: portName, port, targetPort: port, protocol: 'TCP' as const })),
    },
  };
}

export interface NodeAddresses {
  host: string;
  /** `host:port` of gRPC. */
  endpoint: string;
  adminEndpoint?: string;
  operationsEndpoint: string;
}

/** Where the node is reached; undefined until its Service has an address. */
export function addressesOf(node: Node, service: Service | undefined): NodeAddresses | undefined {
  const clusterIP = service?.spec.clusterIP;
  if (clusterIP === undefined || clusterIP === '' || clusterIP === 'None') return undefined;
  const host = node.spec.exposure === 'Local' ? clusterIP : `${node.metadata.name}.${node.metadata.namespace ?? ''}.svc`;
  const { grpc, operations } = ports[node.spec.role];
  return {
    host,
    endpoint: `${host}:${grpc}`,
    operationsEndpoint: `${host}:${operations}`,
    ...(node.spec.role === 'orderer' ? { adminEndpoint: `${host}:${ports.orderer.admin}` } : {}),
  };
}
