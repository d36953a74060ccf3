import { revisionLabel, type Applied, type Container, type ContainerPort, type Pod, type Probe, type SecurityContext, type StatefulSet, type Volume, type VolumeMount } from '@guildhall/kubernetes';
import { group, isOutside, labels as labelNames, ports, type Node } from '@guildhall/resources';
import { nodeNames } from '../../names.ts';
import type { Placement } from '../../placement.ts';
import { usualRequests } from '../../workload/usual-resources.ts';
import type { NodeRole } from '../node-role.ts';
import { apart } from './apart.ts';
import { configFile } from './config-files.ts';
import { lifecycleOf, reachableLabels } from './endpoints.ts';
import { environment, type NodeSettings } from './environment.ts';
import { builderItems } from './files.ts';
import { mspItems, tlsItems } from './material.ts';
import { paths } from './paths.ts';
import { canonicalQuantity } from './quantity.ts';
import { selectorOf } from './selector.ts';

export interface Workload {
  node: Node;
  settings: NodeSettings;
  image: string;
  labels: Record<string, string>;
  materialDigest: string;
  placement?: Placement | undefined;
  /** The one that is there: its template for the volume cannot change, even when the volume has grown. */
  current?: StatefulSet | undefined;
}

/** What the "restricted" pod security standard asks for; and nothing is written but to volumes. */
export const restricted: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
export const podSecurity = { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } };

const materialAnnotation = `${group}/material`;
const restartAnnotation = `${group}/restarted-at`;

/** The pod is not of the template that is wished for now. A set that was never changed has had one template only, so nobody waits for its status. */
export function isOutdated({ metadata: { generation = 1 }, status }: StatefulSet, pod: Pod): boolean {
  return generation > 1 && (status?.observedGeneration !== generation || pod.metadata.labels?.[revisionLabel] !== status.updateRevision);
}

/** One pod with its own data volume. The volume stays when the set is deleted: it holds a ledger. */
export function statefulSet({ node, settings, image, labels, materialDigest, placement, current }: Workload): Applied<StatefulSet> {
  const { name, namespace } = node.metadata;
  return {
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: selectorOf(labels) },
      podManagementPolicy: 'Parallel',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: {
        metadata: { labels: podLabels(node, labels), annotations: { [materialAnnotation]: materialDigest, ...(node.spec.restartedAt === undefined ? {} : { [restartAnnotation]: node.spec.restartedAt }) } },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 30,
          ...placement,
          affinity: apart(node, labels),
          securityContext: podSecurity,
          containers: [{ ...container(settings, image, resourcesOf(node)), ...lifecycleOf(node) }],
          volumes: volumes(node.metadata.name, settings.role),
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', labels },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: storageOf(current) ?? canonicalQuantity(node.spec.storage.size) } },
            ...(node.spec.storage.className === undefined ? {} : { storageClassName: node.spec.storage.className }),
          },
        },
      ],
    },
  };
}

const storageOf = (set: StatefulSet | undefined): string | undefined => set?.spec.volumeClaimTemplates?.[0]?.spec.resources?.requests?.['storage'];
const podLabels = (node: Node, labels: Record<string, string>): Record<string, string> => ({ ...labels, ...reachableLabels(node), ...(isOutside(node.spec.exposure) ? { [labelNames.exposed]: 'true' } : {}) });

function container(settings: NodeSettings, image: string, resources: NonNullable<Container['resources']>): Container {
  const { role } = settings;
  return {
    name: role,
    image,
    command: role === 'orderer' ? ['orderer'] : ['peer', 'node', 'start'],
    env: environment(settings),
    ports: containerPorts(role),
    resources,
    securityContext: restricted,
    readinessProbe: { ...health(role), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 2 },
    livenessProbe: { ...health(role), ...liveness[settings.profile], terminationGracePeriodSeconds: 1 },
    volumeMounts: mounts(role),
  };
}

/**
 * A hung process is ended and started again, after three looks of 3 s without an answer: /healthz waits for no disk and no other node, so who is
 * slow only because there is much to do answers one of them. On one machine they follow at once, and a hang ends after 9 to 11 s. In
 * production they are spread, because a node that is ended without need costs its channels an election: 13 to 18 s. Who hangs hears no SIGTERM, so
 * there is no use in a grace; a kubelet's least is 1 s for what is to be done first and 2 s for the signal.
 */
const liveness: Readonly<Record<NodeSettings['profile'], Probe>> = {
  sandbox: { initialDelaySeconds: 10, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 3 },
  production: { initialDelaySeconds: 10, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
};

const health = (role: NodeRole): Probe => ({ httpGet: { path: '/healthz', port: ports[role].operations } });

export const containerPorts = (role: NodeRole): ContainerPort[] =>
  Object.entries(ports[role]).map(([name, containerPort]) => ({ name, containerPort, protocol: 'TCP' }));

function resourcesOf({ spec: { role, resources } }: Node): NonNullable<Container['resources']> {
  const limits = { ...(resources?.cpu ? { cpu: canonicalQuantity(resources.cpu) } : {}), ...(resources?.memory ? { memory: canonicalQuantity(resources.memory) } : {}) };
  return { requests: { ...usualRequests[role], ...limits }, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}

function mounts(role: NodeRole): VolumeMount[] {
  const readOnly = (name: string, mountPath: string): VolumeMount => ({ name, mountPath, readOnly: true });
  return [
    readOnly('config', paths.config),
    readOnly('msp', paths.msp),
    readOnly('tls', paths.tls),
    readOnly('keys', paths.keys),
    { name: 'data', mountPath: paths.data },
    ...(role === 'peer' ? [readOnly('builder', paths.builder), readOnly('contracts', paths.contracts), { name: 'temporary', mountPath: paths.temporary }] : []),
  ];
}

function volumes(node: string, role: NodeRole): Volume[] {
  const names = nodeNames(node);
  const file = configFile(role).name;
  return [
    { name: 'config', configMap: { name: names.config, items: [{ key: file, path: file }] } },
    { name: 'msp', secret: { secretName: names.certificates, items: mspItems } },
    { name: 'tls', secret: { secretName: names.certificates, items: tlsItems(role) } },
    { name: 'keys', secret: { secretName: names.keys, defaultMode: 0o440 } },
    ...(role === 'peer' ? peerVolumes(node) : []),
  ];
}

const peerVolumes = (node: string): Volume[] => [
  {
    name: 'builder',
    configMap: {
      name: nodeNames(node).config,
      defaultMode: 0o755,
      items: builderItems,
    },
  },
  { name: 'contracts', configMap: { name: nodeNames(node).contracts } },
  { name: 'temporary', emptyDir: { sizeLimit: '256Mi' } },
];
