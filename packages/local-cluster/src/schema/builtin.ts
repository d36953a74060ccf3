import { condition, objectMeta, olderCondition } from './metadata.ts';
import { labelSelector, podSpec, podStatus } from './pod.ts';
import type { Schema } from './schema.ts';
import {
  atLeast, atomic, base64, count, dateTime, defaulting, flag, integer, intOrString, keyed, listOf, mapOf, mark, microTime, oneOf, quantity, struct, text, word,
} from './shapes.ts';

/*
 * The built-in kinds that Guildhall uses, with the fields that it uses and Kubernetes' own defaults for them. A field that
 * is not here is refused as unknown rather than kept without effect.
 */

export const namespaceSchema = struct({
  spec: struct({ finalizers: listOf(text) }),
  status: struct({ phase: word, conditions: keyed(olderCondition, 'type') }),
});

export const secretSchema = struct({ type: defaulting(word, 'Opaque'), data: mapOf(base64), stringData: mapOf(text), immutable: flag });

export const configMapSchema = struct({ data: mapOf(text), binaryData: mapOf(base64), immutable: flag });

const portNumber: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
export const serviceSchema = struct(
  {
    spec: struct({
      type: defaulting(oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'), 'ClusterIP'),
      clusterIP: word,
      clusterIPs: listOf(text),
      ipFamilies: listOf(text),
      ipFamilyPolicy: text,
      internalTrafficPolicy: defaulting(oneOf('Cluster', 'Local'), 'Cluster'),
      sessionAffinity: defaulting(oneOf('None', 'ClientIP'), 'None'),
      publishNotReadyAddresses: mark,
      selector: atomic(mapOf(text)),
      ports: keyed(
        struct(
          { name: word, protocol: defaulting(oneOf('TCP', 'UDP', 'SCTP'), 'TCP'), port: portNumber, targetPort: intOrString, nodePort: count, appProtocol: text },
          'port',
        ),
        'port',
        'protocol',
      ),
    }),
    status: struct({ loadBalancer: struct({ ingress: listOf(struct({ ip: text, hostname: text })) }), conditions: keyed(condition, 'type') }),
  },
);

const claimSpec = struct({
  accessModes: listOf(text),
  resources: struct({ requests: mapOf(quantity), limits: mapOf(quantity) }),
  storageClassName: text,
  volumeMode: defaulting(oneOf('Filesystem', 'Block'), 'Filesystem'),
  volumeName: word,
});
const claimStatus = struct({
  phase: word, accessModes: listOf(text), capacity: mapOf(quantity), conditions: keyed(olderCondition, 'type'),
});
export const persistentVolumeClaimSchema = struct({ spec: claimSpec, status: claimStatus });

const template = (spec: Schema): Schema => struct({ metadata: objectMeta, spec });
export const statefulSetSchema = struct({
  spec: struct(
    {
      replicas: defaulting(atLeast(integer, 0), 1),
      serviceName: word,
      selector: labelSelector,
      template: template(podSpec),
      podManagementPolicy: defaulting(oneOf('OrderedReady', 'Parallel'), 'OrderedReady'),
      updateStrategy: defaulting(
        struct({
          type: defaulting(oneOf('RollingUpdate', 'OnDelete'), 'RollingUpdate'),
          rollingUpdate: struct({ partition: integer }),
        }),
        { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      ),
      revisionHistoryLimit: defaulting(integer, 10),
      minReadySeconds: count,
      persistentVolumeClaimRetentionPolicy: defaulting(
        struct({ whenDeleted: defaulting(oneOf('Retain', 'Delete'), 'Retain'), whenScaled: defaulting(oneOf('Retain', 'Delete'), 'Retain') }),
        {},
      ),
      volumeClaimTemplates: listOf(struct({ apiVersion: text, kind: text, metadata: objectMeta, spec: claimSpec, status: claimStatus })),
    },
    'selector',
    'template',
  ),
  status: struct({
    observedGeneration: count, replicas: integer, readyReplicas: count, availableReplicas: integer, currentReplicas: count,
    updatedReplicas: count, currentRevision: word, updateRevision: word, collisionCount: integer, conditions: keyed(olderCondition, 'type'),
  }),
});

export const podSchema = struct({ spec: podSpec, status: podStatus });

export const podDisruptionBudgetSchema = struct({
  spec: struct({
    maxUnavailable: intOrString,
    minAvailable: intOrString,
    selector: labelSelector,
    unhealthyPodEvictionPolicy: oneOf('IfHealthyBudget', 'AlwaysAllow'),
  }),
  status: struct({ observedGeneration: count, disruptionsAllowed: integer, currentHealthy: integer, desiredHealthy: integer, expectedPods: integer, conditions: keyed(condition, 'type') }),
});

/** A node of the cluster; here nobody makes one. */
export const machineSchema = struct({ spec: struct({ unschedulable: mark }), status: struct({ conditions: keyed(olderCondition, 'type') }) });

const objectReference = atomic(struct({
  apiVersion: text, kind: text, namespace: text, name: text, uid: text, resourceVersion: text, fieldPath: text,
}));
export const eventSchema = struct({
  eventTime: { ...microTime, nullable: true },
  type: word,
  reason: word,
  action: word,
  note: word,
  regarding: objectReference,
  related: objectReference,
  reportingController: word,
  reportingInstance: word,
  series: struct({ count: integer, lastObservedTime: microTime }, 'count', 'lastObservedTime'),
  deprecatedSource: struct({ component: text, host: text }),
  deprecatedFirstTimestamp: { ...dateTime, nullable: true },
  deprecatedLastTimestamp: { ...dateTime, nullable: true },
  deprecatedCount: count,
}, 'eventTime');

export const leaseSchema = struct({
  spec: struct({
    holderIdentity: text,
    leaseDurationSeconds: integer,
    acquireTime: microTime,
    renewTime: microTime,
    leaseTransitions: integer,
    strategy: text,
    preferredHolder: text,
  }),
});
