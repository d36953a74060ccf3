import {
  configMaps, events, leases, persistentVolumeClaims, podDisruptionBudgets, pods, secrets, services, statefulSets, type KubernetesObject, type ResourceType,
} from '@guildhall/kubernetes';
import * as resources from '@guildhall/resources';

const digest = `sha256:${'a'.repeat(64)}`;
const reference = (name: string) => ({ namespace: 'gh-trade', name });

/** The least that each of Guildhall's kinds accepts, by kind. */
export const specs: Record<string, Record<string, unknown>> = {
  Consortium: { ledger: { engine: 'fabric', version: '3.1' }, members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: 'gh-trade-acme' }] },
  Member: { consortium: reference('trade'), mspId: 'AcmeMSP', roles: ['endorsing'] },
  Node: { member: 'acme', role: 'peer' },
  Channel: { members: [{ name: 'acme' }], orderers: [{ member: 'acme', node: 'orderer0' }] },
  ChannelMembership: { channel: reference('main'), channelDigest: digest, peers: ['peer0'], orderers: [], anchorPeers: ['peer0'] },
  Contract: { channel: 'main', version: '1', artifactDigest: digest },
  ContractInstallation: { contract: reference('receivable'), contractDigest: digest, artifactDigest: digest, peers: ['peer0'] },
  ClientIdentity: { csr: 'CSR' },
  CertificateRequest: { profile: 'peer', csr: 'CSR' },
  SigningRequest: { purpose: 'join-channel', intent: { kind: 'ChannelMembership', name: 'main', uid: 'u', generation: 1, digest }, message: 'AA==' },
};

export interface Sample {
  type: ResourceType<KubernetesObject>;
  /** Everything besides apiVersion, kind and metadata. */
  body: Record<string, unknown>;
  /** A merge patch that changes something besides metadata, where such a change is allowed. */
  change?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

const ready = {
  conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'it is', lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1 }],
  observedGeneration: 1,
};
const changes: Record<string, Record<string, unknown>> = {
  Consortium: { members: [{ name: 'acme', mspId: 'AcmeMSP', namespace: 'gh-trade-acme' }, { name: 'bank', mspId: 'BankMSP', namespace: 'gh-trade-bank' }] },
  Member: { displayName: 'Acme Ltd.' },
  Node: { resources: { cpu: '500m' } },
  ChannelMembership: { peers: ['peer0', 'peer1'] },
  Contract: { version: '2' },
  ContractInstallation: { peers: ['peer0', 'peer1'] },
};

export const guildhallSamples: Sample[] = resources.kinds.map(({ type }) => ({
  type,
  body: { spec: specs[type.kind] },
  ...(changes[type.kind] ? { change: { spec: changes[type.kind] } } : {}),
  status: ready,
}));

const podTemplate = {
  metadata: { labels: { app: 'peer' } },
  spec: {
    containers: [{
      name: 'peer',
      image: 'hyperledger/fabric-peer:3.1',
      command: ['peer'],
      args: ['node', 'start'],
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }, { name: 'LEVEL', value: 'info' }],
      ports: [{ name: 'grpc', containerPort: 7051 }],
      readinessProbe: { httpGet: { path: '/healthz', port: 9443, scheme: 'HTTPS' }, periodSeconds: 1 },
      livenessProbe: { tcpSocket: { port: 7051 } },
      volumeMounts: [{ name: 'data', mountPath: '/data' }, { name: 'keys', mountPath: '/keys', readOnly: true }, { name: 'config', mountPath: '/config' }],
      resources: { requests: { cpu: '100m', memory: '128Mi' } },
    }],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: 'peer' } },
      { name: 'keys', secret: { secretName: 'peer', defaultMode: 0o400 } },
      { name: 'config', configMap: { name: 'peer', items: [{ key: 'core.yaml', path: 'core.yaml' }] } },
    ],
    terminationGracePeriodSeconds: 10,
    nodeSelector: { pool: 'ledgers' },
    tolerations: [{ key: 'pool', operator: 'Equal', value: 'ledgers', effect: 'NoSchedule' }],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'peer' } }, namespaceSelector: { matchLabels: { of: 'us' } } } }],
      },
    },
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  },
};

export const builtInSamples: Sample[] = [
  { type: configMaps, body: { data: { a: '1' } }, change: { data: { a: '2' } } },
  { type: secrets, body: { data: { a: 'MQ==' } }, change: { data: { a: 'Mg==' } } },
  {
    type: services,
    body: { spec: { selector: { app: 'peer' }, publishNotReadyAddresses: true, ports: [{ name: 'grpc', port: 7051 }, { name: 'ops', port: 9443, targetPort: 'ops' }] } },
    change: { spec: { selector: { app: 'orderer' } } },
    status: { conditions: [{ type: 'Reachable', status: 'True', reason: 'Local', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  },
  {
    type: persistentVolumeClaims,
    body: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
  },
  {
    type: statefulSets,
    body: { spec: { serviceName: 'peer', selector: { matchLabels: { app: 'peer' } }, template: podTemplate } },
    change: { spec: { replicas: 0 } },
    status: { replicas: 1, readyReplicas: 1, observedGeneration: 1, currentRevision: 'a', updateRevision: 'a' },
  },
  {
    type: pods,
    body: { ...podTemplate, metadata: {} },
    status: {
      phase: 'Running', podIP: '127.1.0.1', conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'peer', ready: true, restartCount: 1, image: 'hyperledger/fabric-peer:3.1', imageID: '', state: { running: { startedAt: '2026-01-01T00:00:00Z' } } }],
    },
  },
  {
    type: podDisruptionBudgets,
    body: { spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'peer' } }, unhealthyPodEvictionPolicy: 'AlwaysAllow' } },
    change: { spec: { maxUnavailable: 1 } },
    status: { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 1, desiredHealthy: 0, expectedPods: 1 },
  },
  {
    type: leases,
    body: { spec: { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 0 } },
    change: { spec: { renewTime: '2026-01-01T00:00:02.000000Z' } },
  },
  {
    type: events,
    body: {
      eventTime: '2026-01-01T00:00:00.000000Z', type: 'Normal', reason: 'Made', action: 'Make', note: 'made it', reportingController: 'guildhall.dev/operator', reportingInstance: 'operator-0',
      regarding: { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', name: 'trade' },
    },
    change: { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } },
  },
];

/** Events must be in the namespace of what they regard. */
export function bodyIn(namespace: string, { type, body }: Sample): Record<string, unknown> {
  return type.kind === 'Event' ? { ...body, regarding: { ...(body['regarding'] as object), namespace } } : body;
}
