import { dirname } from 'node:path/posix';
import type { Applied, Container, Probe, Service, StatefulSet, Volume } from '@guildhall/kubernetes';
import { ports, type ContractInstallation } from '@guildhall/resources';
import { instanceNames } from '../names.ts';
import { podSecurity, restricted } from '../node/workload/stateful-set.ts';
import type { Placement } from '../placement.ts';

export const instancePorts = ports.contract;

/** Where an instance finds its key and its certificate, and at which address it is to listen. */
export const given = {
  address: `$(POD_IP):${instancePorts.grpc}`,
  key: '/etc/guildhall/keys/tls.key',
  certificate: '/etc/guildhall/tls/tls.pem',
} as const;

/** What serves the contract: Guildhall's runner with an artifact, or an image of its own. */
export interface InstanceServer {
  image: string;
  /** Of its pod alone. */
  labels: Readonly<Record<string, string>>;
  variables: Readonly<Record<string, string>>;
  /** By name, besides the one where it listens for its member's peers. */
  ports: Readonly<Record<string, number>>;
  health: Pick<Probe, 'httpGet' | 'tcpSocket'>;
  /** What it may write to. */
  scratch: { name: string; mountPath: string; volume: NonNullable<Volume['emptyDir']> };
  resources: NonNullable<Container['resources']>;
}

export interface Instance {
  installation: ContractInstallation;
  name: string;
  labels: Record<string, string>;
  server: InstanceServer;
  placement?: Placement | undefined;
}

/** Two instances of one contract differ by the code that they run. */
const selectorOf = (name: string): Record<string, string> => ({ 'app.kubernetes.io/instance': name });

const portsOf = ({ ports }: InstanceServer): [string, number][] => Object.entries({ grpc: instancePorts.grpc, ...ports });

/** Its address never changes: peers learn it once, when the contract is installed. */
export function instanceService({ installation, name, labels, server }: Instance): Applied<Service> {
  return {
    metadata: { name, namespace: installation.metadata.namespace ?? '', labels },
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(name),
      ports: portsOf(server).map(([port, number]) => ({ name: port, port: number, targetPort: number, protocol: 'TCP' as const })),
    },
  };
}

export function instanceStatefulSet({ installation, name, labels, server, placement }: Instance): Applied<StatefulSet> {
  const names = instanceNames(name);
  const { image, variables, health, scratch, resources } = server;
  return {
    metadata: { name, namespace: installation.metadata.namespace ?? '', labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: selectorOf(name) },
      podManagementPolicy: 'Parallel',
      template: {
        metadata: { labels: { ...labels, ...server.labels } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 10,
          ...placement,
          securityContext: podSecurity,
          containers: [
            {
              name: 'contract',
              image,
              env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }, ...Object.entries(variables).map(([variable, value]) => ({ name: variable, value }))],
              ports: portsOf(server).map(([port, containerPort]) => ({ name: port, containerPort, protocol: 'TCP' as const })),
              resources,
              securityContext: restricted,
              readinessProbe: { ...health, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
              livenessProbe: { ...health, initialDelaySeconds: 20, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
              volumeMounts: [
                { name: 'tls', mountPath: dirname(given.certificate), readOnly: true },
                { name: 'keys', mountPath: dirname(given.key), readOnly: true },
                { name: scratch.name, mountPath: scratch.mountPath },
              ],
            },
          ],
          volumes: [
            { name: 'tls', secret: { secretName: names.certificates } },
            { name: 'keys', secret: { secretName: names.keys, defaultMode: 0o440 } },
            { name: scratch.name, emptyDir: scratch.volume },
          ],
        },
      },
    },
  };
}
