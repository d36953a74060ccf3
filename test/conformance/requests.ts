import type { User } from './cluster-under-test.ts';
import { specs } from './samples.ts';

export interface Request {
  label: string;
  method: string;
  /** `NS` stands for a namespace of the run's own, in bodies too. */
  path: string;
  body?: unknown;
  type?: string;
  user?: User;
  /** Why only the code and the reason are compared. */
  loosely?: string;
}

const applyType = 'application/apply-patch+yaml';
const mergeType = 'application/merge-patch+json';
const consortia = '/apis/guildhall.dev/v1alpha1/namespaces/NS/consortia';
const core = '/api/v1/namespaces/NS';

const goWords = 'Kubernetes quotes the error of a Go decoder';
const wording = 'the same is said in other words';

const consortium = (spec: Record<string, unknown> | undefined, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', metadata: { name: 'c', namespace: 'NS', ...metadata }, ...(spec ? { spec } : {}),
});
const condition = (message: string) => ({ type: 'Stalled', status: 'False', reason: 'Ready', message, lastTransitionTime: '2026-01-01T00:00:00Z' });
const statusOf = (name: string, conditions: object[]) => ({ ...consortium(undefined, { name }), status: { conditions } });
const member = (name: string, mspId = `${name}MSP`) => ({ name, mspId, namespace: `gh-c-${name}` });
const base = { ledger: { engine: 'fabric', version: '3.1' }, members: [member('a'), member('b')] };
const other = { name: 'e' };

type Options = Pick<Request, 'user' | 'loosely'>;
const get = (label: string, path: string, options: Options = {}): Request => ({ label, method: 'GET', path, ...options });
const post = (label: string, path: string, body: unknown, options: Options = {}): Request => ({ label, method: 'POST', path, body, ...options });
const merge = (label: string, path: string, body: unknown, options: Options = {}): Request => ({ label, method: 'PATCH', path, body, type: mergeType, ...options });
const apply = (label: string, path: string, manager: string, body: unknown, options: Options = {}): Request => ({
  label, method: 'PATCH', path: `${path}?fieldManager=${manager}`, body, type: applyType, ...options,
});
const remove = (label: string, path: string, body?: unknown, options: Options = {}): Request => ({ label, method: 'DELETE', path, ...(body ? { body: { kind: 'DeleteOptions', apiVersion: 'v1', ...body } } : {}), ...options });

const creation: Request[] = [
  post('create', consortia, consortium(base)),
  post('create again', consortia, consortium(base)),
  get('get', `${consortia}/c`),
  get('get what is not there', `${consortia}/none`),
  post('an unknown field, strictly', `${consortia}?fieldValidation=Strict`, consortium({ ...base, foo: 1 }, { name: 'd' })),
  post('an unknown field', consortia, consortium({ ...base, foo: 1 }, { name: 'd' })),
  post('several unknown fields, strictly', `${consortia}?fieldValidation=Strict`, consortium({ ...base, foo: 1, members: [{ ...member('a'), bar: 2 }] }, { ...other, baz: 1 })),
  post('a required field is missing', consortia, consortium({ ledger: base.ledger }, other)),
  post('the spec is missing', consortia, consortium(undefined, other)),
  post('text where a list belongs', consortia, consortium({ ...base, members: 'x' }, other)),
  post('a number where text belongs', consortia, consortium({ ...base, members: [{ ...member('a'), name: 5 }] }, other)),
  post('null where text belongs', consortia, consortium({ ...base, members: [{ ...member('a'), name: null }] }, other)),
  post('null where there is a default', consortia, consortium({ ...base, profile: null }, { name: 'f' })),
  post('a value that is not offered', consortia, consortium({ ...base, profile: 'x' }, other)),
  post('too long, and of the wrong form', consortia, consortium({ ...base, members: [member('A_very_long_name_beyond')] }, other)),
  post('too few items', consortia, consortium({ ...base, members: [] }, other)),
  post('two items with one key', consortia, consortium({ ...base, members: [member('a', 'X'), member('a', 'Y')] }, other)),
  post('a rule is broken', consortia, consortium({ ...base, members: [member('a', 'X'), member('b', 'X')] }, other)),
  post('a bad name', consortia, consortium(base, { name: 'Bad_Name' })),
  post('no name', consortia, consortium(base, { name: undefined })),
  post('bad labels', consortia, consortium(base, { ...other, labels: { 'a b': 'x', ok: 'a b' } })),
  post('another version', consortia, { ...consortium(base, other), apiVersion: 'guildhall.dev/v2' }, { loosely: 'Kubernetes warns of the spec too' }),
  post('another kind', consortia, { ...consortium(base, other), kind: 'Foo' }),
  post('another namespace', consortia, consortium(base, { ...other, namespace: 'other' })),
  post('a namespace that is not there', '/apis/guildhall.dev/v1alpha1/namespaces/nope/consortia', consortium(base, { ...other, namespace: 'nope' })),
];

const patches: Request[] = [
  merge('what cannot change', `${consortia}/c`, { spec: { profile: 'sandbox' } }),
  merge('what is not offered', `${consortia}/c`, { spec: { ledger: { engine: 'x' } } }),
  merge('an old version', `${consortia}/c`, { metadata: { resourceVersion: '1' }, spec: { members: [member('a')] } }),
  merge('another uid', `${consortia}/c`, { metadata: { uid: 'x' }, spec: { members: [member('a')] } }),
  merge('no change', `${consortia}/c`, { spec: { members: [member('a'), member('b')] } }),
  merge('by another', `${consortia}/c?fieldManager=patcher`, { metadata: { labels: { x: 'y' } }, spec: { members: [member('a'), member('b'), member('z')] } }),
  merge('a status on the main resource', `${consortia}/c`, { status: { summary: 'no' } }),
  merge('a status, and what does not belong to it', `${consortia}/c/status`, {
    metadata: { labels: { q: 'w' } }, spec: { members: [] },
    status: { summary: 'yes', conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
  }),
  merge('an invalid status', `${consortia}/c/status`, { status: { conditions: [{ type: 'Nope', status: 'True', reason: 'Ready', message: 'm', lastTransitionTime: 'x' }] } }, { loosely: 'Kubernetes shortens the path before a format' }),
];

const applies: Request[] = [
  apply('a conflict', `${consortia}/c`, 'applier', consortium({ members: [member('a', 'Other')] })),
  apply('a conflict, forced', `${consortia}/c`, 'applier&force=true', consortium({ members: [member('a', 'Other')] })),
  apply('more', `${consortia}/c`, 'applier', consortium({ members: [member('a', 'Other'), member('q')] }, { labels: { l: '1' }, annotations: { an: 'x' } })),
  apply('less', `${consortia}/c`, 'applier', consortium({ members: [member('a', 'Other')] })),
  apply('conflicts with two', `${consortia}/c`, 'applier2', consortium({ members: [member('a', 'O'), member('b', 'P')] })),
  apply('an unknown field, strictly', `${consortia}/c`, 'applier&fieldValidation=Strict', consortium({ ...base, foo: 1 })),
  apply('an unknown field', `${consortia}/c`, 'applier', consortium({ ...base, foo: 1 })),
  { label: 'nobody applies', method: 'PATCH', path: `${consortia}/c`, body: consortium(base), type: applyType },
  apply('another name', `${consortia}/x`, 'applier', consortium(base)),
  apply('a status', `${consortia}/c/status`, 'status', { ...consortium(undefined), status: { nodes: { total: 1, ready: 0 }, summary: 'yes' } }),
  apply('a status in conflict', `${consortia}/c/status`, 'status2', { ...consortium(undefined), status: { nodes: { total: 2, ready: 0 } } }),
  apply('the status of what is not there', `${consortia}/none/status`, 'status2', { ...consortium(undefined, { name: 'none' }), status: {} }),
  apply('something new', `${consortia}/n`, 'applier', consortium(base, { name: 'n' })),
  apply('another uid', `${consortia}/n`, 'applier', consortium(base, { name: 'n', uid: 'nope' })),
  apply('something new with a uid', `${consortia}/nn`, 'applier', consortium(base, { name: 'nn', uid: 'nope' })),
  apply('managed fields', `${consortia}/n`, 'applier', consortium(base, { name: 'n', managedFields: [] })),
  apply('an invalid value', `${consortia}/n`, 'applier', consortium({ ...base, profile: 'bad' }, { name: 'n' })),
  apply('two items with one key', `${consortia}/n`, 'applier', consortium({ ...base, members: [member('a'), member('a')] }, { name: 'n' })),
  apply('text where a list belongs', `${consortia}/n`, 'applier', consortium({ ...base, members: 'x' }, { name: 'n' })),
  apply('null where a list belongs', `${consortia}/n`, 'applier', consortium({ ...base, members: null }, { name: 'n' })),
  apply('null where there is a default', `${consortia}/n`, 'applier', consortium({ ...base, profile: null }, { name: 'n' })),
  apply('a condition', `${consortia}/n/status`, 'applier', statusOf('n', [condition('m')])),
  merge('another writes its message', `${consortia}/n/status?fieldManager=patcher`, { status: { conditions: [condition('n')] } }),
  apply('no condition, where another owns a part of it', `${consortia}/n/status`, 'applier', statusOf('n', []), { loosely: wording }),
  apply('nothing of conditions, where another owns a part of one', `${consortia}/n/status`, 'applier', { ...statusOf('n', []), status: {} }, { loosely: wording }),
];

const readsAndDeletions: Request[] = [
  get('list', consortia),
  get('list by label', `${consortia}?labelSelector=x%3Dy`),
  get('list by a bad selector', `${consortia}?labelSelector=x%3D%3D%3Dy`, { loosely: wording }),
  get('list by name', `${consortia}?fieldSelector=metadata.name%3Dn`),
  get('list by a field that is not offered', `${consortia}?fieldSelector=spec.x%3Dn`),
  get('list from a bad place', `${consortia}?continue=xx`, { loosely: goWords }),
  remove('another uid', `${consortia}/n`, { preconditions: { uid: 'nope' } }),
  remove('an old version', `${consortia}/n`, { preconditions: { resourceVersion: '1' } }),
  remove('delete', `${consortia}/n`),
  remove('delete again', `${consortia}/n`),
  merge('a finalizer', `${consortia}/c`, { metadata: { finalizers: ['guildhall.dev/x'] } }),
  merge('a bad finalizer', `${consortia}/c`, { metadata: { finalizers: ['x y'] } }, { loosely: wording }),
  remove('held by a finalizer', `${consortia}/c`),
  merge('a finalizer more while it is being deleted', `${consortia}/c`, { metadata: { finalizers: ['guildhall.dev/x', 'guildhall.dev/y'] } }),
  remove('held by a finalizer, again', `${consortia}/c`),
  merge('the finalizer goes', `${consortia}/c`, { metadata: { finalizers: null } }),
  get('gone', `${consortia}/c`),
];

const refusals: Request[] = [
  get('may not list', consortia, { user: 'limited' }),
  remove('may not delete', `${consortia}/c`, undefined, { user: 'limited' }),
  get('may not list all', '/apis/guildhall.dev/v1alpha1/consortia', { user: 'limited' }),
  apply('may not write a status', '/apis/guildhall.dev/v1alpha1/namespaces/NS/nodes/c/status', 'x', { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'c' } }, { user: 'limited' }),
  get('may not read a namespace', '/api/v1/namespaces/NS', { user: 'limited' }),
];

const set = (name: string, spec: Record<string, unknown> = {}) => ({
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: 'NS' },
  spec: {
    serviceName: 's', replicas: 0, selector: { matchLabels: { app: 's' } },
    template: {
      metadata: { labels: { app: 's' } },
      spec: {
        containers: [{
          name: 'c', image: 'x:1', args: ['a'], env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }], ports: [{ containerPort: 80 }],
          readinessProbe: { httpGet: { path: '/h', port: 80 } }, volumeMounts: [{ name: 'd', mountPath: '/d' }, { name: 'data', mountPath: '/data' }],
        }],
        volumes: [{ name: 'd', configMap: { name: 'x' } }],
      },
    },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
    ...spec,
  },
});
const sets = '/apis/apps/v1/namespaces/NS/statefulsets';
const leases = '/apis/coordination.k8s.io/v1/namespaces/NS/leases';
const map = (name: string, more: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });
const service = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec });

const builtIn: Request[] = [
  post('ConfigMap', `${core}/configmaps`, { metadata: { name: 'cm' }, data: { a: 'b' } }),
  post('ConfigMap with an unknown field, strictly', `${core}/configmaps?fieldValidation=Strict`, { metadata: { name: 'cm2' }, dat: { a: 'b' } }),
  post('ConfigMap with an unknown field', `${core}/configmaps`, { metadata: { name: 'cm2' }, dat: { a: 'b' } }),
  post('ConfigMap of text', `${core}/configmaps`, { metadata: { name: 'cm3' }, data: 'x' }, { loosely: goWords }),
  post('ConfigMap of numbers', `${core}/configmaps`, { metadata: { name: 'cm3' }, data: { a: 1 } }, { loosely: goWords }),
  apply('ConfigMap that does not change', `${core}/configmaps/cma`, 'a', map('cma', { data: { a: 'b' }, immutable: true })),
  apply('ConfigMap that does not change, changed', `${core}/configmaps/cma`, 'a', map('cma', { data: { a: 'c' }, immutable: true })),
  apply('ConfigMap with an unknown field, applied', `${core}/configmaps/cmb`, 'a', map('cmb', { dat: { a: 'c' } }), { loosely: 'Kubernetes does not name the namespace' }),
  post('generated name', `${core}/configmaps`, { metadata: { generateName: 'gen-' } }),
  post('Secret', `${core}/secrets`, { metadata: { name: 's' }, data: { a: 'eA==' }, stringData: { b: 'y' } }),
  post('Secret that is not base64', `${core}/secrets`, { metadata: { name: 's2' }, data: { a: '?' } }, { loosely: goWords }),
  merge('Secret of another type', `${core}/secrets/s`, { type: 'other' }),
  post('Service', `${core}/services`, service('svc', { selector: { a: 'b' }, ports: [{ port: 80 }] })),
  apply('Service, applied', `${core}/services/sva`, 'a', service('sva', { selector: { a: 'b' }, ports: [{ name: 'x', port: 80 }, { name: 'y', port: 81, targetPort: 90 }] })),
  apply('Service without an address', `${core}/services/svh`, 'a', service('svh', { clusterIP: 'None', selector: { a: 'b' }, ports: [{ name: 'x', port: 80 }] })),
  post('Service without ports', `${core}/services`, service('svn', {})),
  post('Service with ports without names', `${core}/services`, service('svn', { ports: [{ port: 1 }, { port: 2 }] })),
  merge('Service with another address', `${core}/services/svc`, { spec: { clusterIP: '10.96.9.9' } }),
  post('Service with a bad name', `${core}/services`, service('a.b', { ports: [{ port: 1 }] })),
  merge('claim that cannot change', `${core}/persistentvolumeclaims/pvc`, { spec: { accessModes: ['ReadWriteMany'] } }),
  post('StatefulSet', sets, set('s')),
  apply('StatefulSet, applied', `${sets}/sa`, 'a', set('sa')),
  apply('StatefulSet, applied again', `${sets}/sa`, 'a', set('sa')),
  merge('StatefulSet that cannot change so', `${sets}/s`, { spec: { serviceName: 'other' } }),
  post('StatefulSet whose pods it does not select', sets, set('sx', { selector: { matchLabels: { app: 'zzz' } } })),
  post('StatefulSet that mounts what it does not have', sets, set('sx', { volumeClaimTemplates: [] })),
  post('StatefulSet of nothing', sets, { metadata: { name: 'sx' }, spec: {} }),
  post('Lease', leases, { metadata: { name: 'l' }, spec: { holderIdentity: 'x', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' } }),
  post('Lease with a coarse time', leases, { metadata: { name: 'l2' }, spec: { holderIdentity: 'x', renewTime: '2026-01-01T00:00:00.000Z' } }, { loosely: goWords }),
  get('Namespace', '/api/v1/namespaces/NS'),
  post('Namespace with a bad name', '/api/v1/namespaces', { metadata: { name: 'A.b' } }),
  get('a kind that is not there', '/apis/guildhall.dev/v1alpha1/namespaces/NS/nothings', { loosely: 'Kubernetes answers in plain text' }),
];

const names = (list: Request[], prefix: string): Request[] => list.map((each) => ({ ...each, label: `${prefix}: ${each.label}` }));

/** In this order: later ones stand on what earlier ones left. */
export const requests: Request[] = [
  ...names(creation, 'create'),
  ...names(patches, 'patch'),
  ...names(applies, 'apply'),
  ...names(readsAndDeletions, 'read and delete'),
  ...names(refusals, 'refuse'),
  { label: 'claim', method: 'POST', path: `${core}/persistentvolumeclaims`, body: { metadata: { name: 'pvc' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }, loosely: 'Kubernetes protects claims in use by a finalizer' },
  ...names(builtIn, 'built-in').map((each) => (/claim that/.test(each.label) ? { ...each, loosely: 'Kubernetes shows the difference of its internal form' } : each)),
  post('Node of another kind of member', '/apis/guildhall.dev/v1alpha1/namespaces/NS/nodes', { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'node' }, spec: specs['Node'] }),
];
