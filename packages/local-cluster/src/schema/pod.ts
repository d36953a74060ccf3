import { olderCondition } from './metadata.ts';
import type { Schema } from './schema.ts';
import {
  atLeast, atomic, count, dateTime, defaulting, flag, integer, intOrString, keyed, listOf, mapOf, mark, oneOf, quantity, setOf, struct, text, word,
} from './shapes.ts';

/** Zero counts as not said. */
const positive = (value: number): Schema => defaulting(atLeast(count, 1), value);
const fileMode = defaulting({ type: 'integer', minimum: 0, maximum: 0o777 }, 0o644);
const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };

const reference = atomic(struct({ name: defaulting(text, ''), key: text, optional: flag }, 'key'));
const envVar = struct(
  {
    name: text,
    value: word,
    valueFrom: struct({
      fieldRef: atomic(struct({ apiVersion: defaulting(text, 'v1'), fieldPath: text }, 'fieldPath')),
      secretKeyRef: reference,
      configMapKeyRef: reference,
    }),
  },
  'name',
);

/** Values that Kubernetes gives to a probe that does not say (pkg/apis/core/v1/defaults.go). */
const probe = struct({
  httpGet: struct(
    {
      path: defaulting(text, '/'),
      port: intOrString,
      scheme: defaulting(oneOf('HTTP', 'HTTPS'), 'HTTP'),
      host: word,
      httpHeaders: listOf(struct({ name: text, value: text }, 'name', 'value')),
    },
    'port',
  ),
  tcpSocket: struct({ port: intOrString, host: word }, 'port'),
  exec: struct({ command: listOf(text) }),
  initialDelaySeconds: count,
  timeoutSeconds: positive(1),
  periodSeconds: positive(10),
  successThreshold: positive(1),
  failureThreshold: positive(3),
  terminationGracePeriodSeconds: integer,
});

const capabilities = struct({ add: listOf(text), drop: listOf(text) });
const seccompProfile = struct({ type: text, localhostProfile: text }, 'type');
const securityContext = struct({
  runAsNonRoot: flag, runAsUser: integer, runAsGroup: integer, readOnlyRootFilesystem: flag, allowPrivilegeEscalation: flag,
  privileged: flag, capabilities, seccompProfile,
});

const resources = struct({ requests: mapOf(quantity), limits: mapOf(quantity) });

const container = struct(
  {
    name: text,
    image: word,
    /** Kubernetes takes Always for the tag latest; see podDefaults. */
    imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
    command: listOf(text),
    args: listOf(text),
    workingDir: word,
    env: keyed(envVar, 'name'),
    ports: keyed(
      struct({ name: word, containerPort: port, protocol: defaulting(oneOf('TCP', 'UDP', 'SCTP'), 'TCP'), hostPort: count, hostIP: word }, 'containerPort'),
      'containerPort',
      'protocol',
    ),
    volumeMounts: keyed(struct({ name: text, mountPath: text, subPath: word, readOnly: mark }, 'name', 'mountPath'), 'mountPath'),
    resources: defaulting(resources, {}),
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    securityContext,
    terminationMessagePath: defaulting(text, '/dev/termination-log'),
    terminationMessagePolicy: defaulting(text, 'File'),
  },
  'name',
);

const items = listOf(struct({ key: text, path: text, mode: integer }, 'key', 'path'));
const volume = struct(
  {
    name: text,
    secret: struct({ secretName: word, defaultMode: fileMode, items, optional: flag }),
    configMap: struct({ name: defaulting(text, ''), defaultMode: fileMode, items, optional: flag }),
    persistentVolumeClaim: struct({ claimName: text, readOnly: mark }, 'claimName'),
    emptyDir: struct({ medium: word, sizeLimit: quantity }),
  },
  'name',
);

export const labelSelector = atomic(struct({
  matchLabels: mapOf(text),
  matchExpressions: listOf(struct({ key: text, operator: text, values: setOf(text) }, 'key', 'operator')),
}));

/** There is one machine, so it has no effect. */
const podAffinityTerm = struct({ topologyKey: text, labelSelector, namespaceSelector: labelSelector }, 'topologyKey');
const affinity = struct({
  podAntiAffinity: struct({
    preferredDuringSchedulingIgnoredDuringExecution: listOf(struct({ weight: integer, podAffinityTerm }, 'weight', 'podAffinityTerm')),
  }),
});

export const podSpec = struct(
  {
    containers: keyed(container, 'name'),
    initContainers: keyed(container, 'name'),
    volumes: keyed(volume, 'name'),
    restartPolicy: defaulting(oneOf('Always', 'OnFailure', 'Never'), 'Always'),
    terminationGracePeriodSeconds: defaulting(integer, 30),
    dnsPolicy: defaulting(text, 'ClusterFirst'),
    schedulerName: defaulting(text, 'default-scheduler'),
    automountServiceAccountToken: flag,
    enableServiceLinks: flag,
    serviceAccountName: word,
    serviceAccount: word,
    securityContext: defaulting(
      struct({ ...securityContext.properties, fsGroup: integer, fsGroupChangePolicy: text, supplementalGroups: listOf(integer) }),
      {},
    ),
    hostname: word,
    subdomain: word,
    nodeName: word,
    nodeSelector: atomic(mapOf(text)),
    tolerations: listOf(struct({ key: word, operator: word, value: word, effect: word, tolerationSeconds: integer })),
    affinity,
    imagePullSecrets: keyed(atomic(struct({ name: defaulting(text, '') })), 'name'),
    priorityClassName: word,
    hostNetwork: mark,
  },
);

const containerState = struct({
  waiting: struct({ reason: word, message: word }),
  running: struct({ startedAt: { ...dateTime, nullable: true } }),
  terminated: struct(
    { exitCode: integer, signal: count, reason: word, message: word, startedAt: { ...dateTime, nullable: true }, finishedAt: { ...dateTime, nullable: true }, containerID: word },
    'exitCode',
  ),
});
const containerStatuses = listOf(
  struct(
    {
      name: text, ready: flag, started: flag, restartCount: integer, image: text, imageID: text, containerID: word,
      state: containerState, lastState: containerState,
    },
    'name', 'ready', 'restartCount', 'image', 'imageID',
  ),
);

export const podStatus = struct({
  observedGeneration: count,
  phase: word,
  podIP: word,
  podIPs: keyed(struct({ ip: text }, 'ip'), 'ip'),
  hostIP: word,
  hostIPs: listOf(struct({ ip: text }, 'ip')),
  startTime: { ...dateTime, nullable: true },
  reason: word,
  message: word,
  qosClass: word,
  conditions: keyed(olderCondition, 'type'),
  containerStatuses,
  initContainerStatuses: containerStatuses,
});
