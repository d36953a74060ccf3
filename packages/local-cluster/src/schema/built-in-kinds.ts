import type { FieldError } from '../api/failure.ts';
import type { Kind } from '../api/kind.ts';
import { equals, isObject, listOr, objectOr, textOr, without, type Json, type JsonObject } from '../json.ts';
import {
  configMapSchema, eventSchema, leaseSchema, machineSchema, namespaceSchema, persistentVolumeClaimSchema, podDisruptionBudgetSchema, podSchema, secretSchema,
  serviceSchema, statefulSetSchema,
} from './builtin.ts';
import { withTypeMeta } from './metadata.ts';
import { podSpecErrors } from './pod-checks.ts';
import type { Schema } from './schema.ts';

const kind = (group: string, version: string, name: string, plural: string, schema: Schema, more: Partial<Kind> = {}): Kind => ({
  group, version, kind: name, plural, namespaced: true, isCustom: false, hasStatus: false, hasGeneration: false, selectableFields: [], nameForm: 'subdomain',
  ...more,
  schema: withTypeMeta(schema),
});

const forbidden = (field: string, message: string): FieldError => ({ type: 'FieldValueForbidden', field, message: `Forbidden: ${message}` });
const invalid = (field: string, value: Json, why: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${why}` });

const withMetadata = (object: JsonObject, change: JsonObject): JsonObject => ({ ...object, metadata: { ...objectOr(object['metadata']), ...change } });
const withSpec = (object: JsonObject, change: JsonObject): JsonObject => ({ ...object, spec: { ...objectOr(object['spec']), ...change } });

const namespace = kind('', 'v1', 'Namespace', 'namespaces', namespaceSchema, {
  namespaced: false,
  hasStatus: true,
  nameForm: 'label',
  selectableFields: ['status.phase'],
  complete: (object) => {
    const metadata = objectOr(object['metadata']);
    const labels = { ...objectOr(metadata['labels']), 'kubernetes.io/metadata.name': textOr(metadata['name']) };
    return withMetadata(object, { labels });
  },
  admit: (object) => ({ ...withSpec(object, { finalizers: ['kubernetes'] }), status: { phase: 'Active' } }),
});

/** Kinds with `immutable: true` keep what they hold, and stay immutable. */
function immutableErrors(object: JsonObject, old: JsonObject | undefined, fields: string[]): FieldError[] {
  if (old?.['immutable'] !== true) return [];
  const errors = fields.filter((field) => !equals(object[field] ?? {}, old[field] ?? {})).map((field) => forbidden(field, 'field is immutable when `immutable` is set'));
  return object['immutable'] === true ? errors : [forbidden('immutable', 'field is immutable when `immutable` is set'), ...errors];
}

const secret = kind('', 'v1', 'Secret', 'secrets', secretSchema, {
  selectableFields: ['type'],
  complete(object) {
    if (!isObject(object['stringData'])) return object;
    const encoded = Object.entries(object['stringData']).map(([key, value]) => [key, Buffer.from(textOr(value)).toString('base64')] as const);
    return { ...without(object, 'stringData'), data: { ...objectOr(object['data']), ...Object.fromEntries(encoded) } };
  },
  check: (object, old) => [
    ...(old && object['type'] !== old['type'] ? [invalid('type', object['type'] ?? '', 'field is immutable')] : []),
    ...immutableErrors(object, old, ['data']),
  ],
});

const configMap = kind('', 'v1', 'ConfigMap', 'configmaps', configMapSchema, {
  check: (object, old) => immutableErrors(object, old, ['data', 'binaryData']),
});

const service = kind('', 'v1', 'Service', 'services', serviceSchema, {
  hasStatus: true,
  nameForm: 'service',
  blank: { spec: {} },
  selectableFields: ['spec.clusterIP', 'spec.type'],
  complete(object, old) {
    const spec = objectOr(object['spec']);
    const ports = listOr(spec['ports']).map((port) => (isObject(port) ? { ...port, targetPort: port['targetPort'] ?? port['port'] ?? null } : port));
    const before = objectOr(old?.['spec']);
    // What was given stays, also when a client writes the object without it.
    const given = Object.fromEntries(['clusterIP', 'clusterIPs'].filter((field) => before[field] !== undefined).map((field) => [field, spec[field] ?? before[field] ?? null]));
    return withSpec(object, { ...(spec['ports'] === undefined ? {} : { ports }), ...given });
  },
  admit(object, { usedAddresses, allocateClusterIP }) {
    const spec = objectOr(object['spec']);
    const clusterIP = textOr(spec['clusterIP']) || allocateClusterIP(object, usedAddresses());
    return withSpec({ ...object, status: { loadBalancer: {} } }, {
      clusterIP, clusterIPs: [clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack',
    });
  },
  check(object, old) {
    const spec = objectOr(object['spec']);
    const before = objectOr(old?.['spec']);
    const ports = listOr(spec['ports']).filter(isObject);
    const errors: FieldError[] = [];
    if (ports.length === 0 && spec['clusterIP'] !== 'None') errors.push({ type: 'FieldValueRequired', field: 'spec.ports', message: 'Required value' });
    if (ports.length > 1) {
      for (const [index, port] of ports.entries()) {
        if (!port['name']) errors.push({ type: 'FieldValueRequired', field: `spec.ports[${index}].name`, message: 'Required value' });
      }
    }
    if (old && before['clusterIP'] !== spec['clusterIP']) errors.push(invalid('spec.clusterIPs[0]', [textOr(spec['clusterIP'])], 'may not change once set'));
    return errors;
  },
});

const claim = kind('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', persistentVolumeClaimSchema, {
  hasStatus: true,
  blank: { spec: { resources: {} } },
  admit: (object) => ({ ...object, status: { phase: 'Pending' } }),
  check(object, old) {
    const spec = objectOr(object['spec']);
    const missing: FieldError[] = listOr(spec['accessModes']).length === 0 ? [{ type: 'FieldValueRequired', field: 'spec.accessModes', message: 'Required value: at least 1 access mode is required' }] : [];
    if (!old) return missing;
    const before = objectOr(old['spec']);
    // Who binds the claim may name the volume once; the size may be asked anew.
    const kept = (each: JsonObject): JsonObject => without(each, 'resources', ...(before['volumeName'] ? [] : ['volumeName']), ...(before['storageClassName'] ? [] : ['storageClassName']));
    return equals(kept(spec), kept(before)) ? missing : [...missing, forbidden('spec', 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims')];
  },
});

/** Kubernetes pulls `latest` always, any other tag once. */
function podDefaults(spec: JsonObject): JsonObject {
  const containers = (list: Json | undefined): Json[] =>
    listOr(list).map((each) => {
      if (!isObject(each) || each['imagePullPolicy'] !== undefined) return each;
      const image = textOr(each['image']);
      const tag = image.includes('@') ? 'digest' : image.slice(image.lastIndexOf('/') + 1).split(':')[1];
      return { ...each, imagePullPolicy: tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent' };
    });
  return {
    ...spec,
    containers: containers(spec['containers']),
    ...(spec['initContainers'] === undefined ? {} : { initContainers: containers(spec['initContainers']) }),
    ...(spec['serviceAccountName'] === undefined ? {} : { serviceAccount: spec['serviceAccountName'] }),
  };
}

const pod = kind('', 'v1', 'Pod', 'pods', podSchema, {
  hasStatus: true,
  hasGeneration: true,
  blank: { spec: { containers: null } },
  selectableFields: ['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP'],
  complete: (object) => withSpec(object, { enableServiceLinks: true, ...podDefaults(objectOr(object['spec'])) }),
  admit: (object) => ({ ...object, status: { phase: 'Pending', ...(objectOr(object['status'])) } }),
  check(object, old) {
    if (!old) return podSpecErrors(objectOr(object['spec']), 'spec');
    const kept = (each: JsonObject): JsonObject => {
      const spec = objectOr(each['spec']);
      return { ...without(spec, 'terminationGracePeriodSeconds'), containers: listOr(spec['containers']).map((one) => (isObject(one) ? without(one, 'image') : one)) };
    };
    return equals(kept(object), kept(old)) ? [] : [forbidden('spec', 'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)')];
  },
});

const changeable = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'];
const statefulSet = kind('apps', 'v1', 'StatefulSet', 'statefulsets', statefulSetSchema, {
  hasStatus: true,
  hasGeneration: true,
  blank: { spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, updateStrategy: {} } },
  complete(object) {
    const spec = objectOr(object['spec']);
    const template = objectOr(spec['template']);
    const claims = listOr(spec['volumeClaimTemplates']).map((each) => ({
      apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...objectOr(each), status: { phase: 'Pending' },
    }));
    return withSpec(object, {
      template: { ...template, spec: podDefaults(objectOr(template['spec'])) },
      ...(claims.length > 0 ? { volumeClaimTemplates: claims } : {}),
    });
  },
  admit: (object) => ({ ...object, status: { replicas: 0, availableReplicas: 0 } }),
  check(object, old) {
    const spec = objectOr(object['spec']);
    const selector = objectOr(objectOr(spec['selector'])['matchLabels']);
    const labels = objectOr(objectOr(objectOr(spec['template'])['metadata'])['labels']);
    const claims = listOr(spec['volumeClaimTemplates']).map((each) => textOr(objectOr(objectOr(each)['metadata'])['name']));
    const errors = podSpecErrors(objectOr(objectOr(spec['template'])['spec']), 'spec.template.spec', claims);
    if (spec['selector'] !== undefined && Object.keys(selector).length === 0) errors.push(invalid('spec.selector', objectOr(spec['selector']), 'empty selector is invalid for statefulset'));
    else if (spec['selector'] === undefined || Object.entries(selector).some(([key, value]) => labels[key] !== value)) errors.push(invalid('spec.template.metadata.labels', Object.keys(labels).length === 0 ? null : labels, '`selector` does not match template `labels`'));
    if (old && !equals(without(spec, ...changeable), without(objectOr(old['spec']), ...changeable))) {
      errors.push(forbidden('spec', "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
    }
    return errors;
  },
});

const event = kind('events.k8s.io', 'v1', 'Event', 'events', eventSchema, {
  check: (object) => (['Normal', 'Warning'].includes(textOr(object['type'])) ? [] : [invalid('type', '', `has invalid value: ${textOr(object['type'])}`)]),
  selectableFields: ['regarding.kind', 'regarding.name', 'regarding.namespace', 'regarding.uid', 'reason', 'type', 'reportingController'],
});
const lease = kind('coordination.k8s.io', 'v1', 'Lease', 'leases', leaseSchema, { blank: { spec: {} } });

const podDisruptionBudget = kind('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', podDisruptionBudgetSchema, { hasStatus: true, hasGeneration: true, blank: { spec: {} } });
const machine = kind('', 'v1', 'Node', 'nodes', machineSchema, { namespaced: false, hasStatus: true, blank: { spec: {} } });

export const builtInKinds: readonly Kind[] = [namespace, secret, configMap, service, claim, pod, statefulSet, podDisruptionBudget, event, lease, machine];
