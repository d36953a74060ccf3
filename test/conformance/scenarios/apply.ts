import assert from 'node:assert/strict';
import { ApiError, configMaps, isConflict, services, silentLogger, statefulSets, systemClock } from '@guildhall/kubernetes';
import { consortium, node } from '@guildhall/resources';
import { leavingOutUndeclared } from '../../../operator/src/cluster/declared-status.ts';
import { specs } from '../samples.ts';
import { anyType, ownership, refusal, scenario, type Scenario, type Thing } from './scenario.ts';

const type = anyType(consortium.type);
const name = 'trade';
const member = (short: string, mspId = `${short}MSP`) => ({ name: short, mspId, namespace: `gh-trade-${short}` });
const ledger = { engine: 'fabric', version: '3.1' };
const object = (namespace: string, spec?: Record<string, unknown>, metadata: object = {}) => ({ metadata: { name, namespace, ...metadata }, ...(spec ? { spec } : {}) });

export const apply: Scenario[] = [
  scenario('who applies a field owns it; another who applies something else is told so, by name and field', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    const made = await one.apply(type, object(namespace, { ledger, members: [member('a')] }));
    assert.deepEqual(ownership(made), { 'one Apply': ['spec.ledger.engine', 'spec.ledger.version', ...['', '.mspId', '.name', '.namespace'].map((field) => `spec.members[{"name":"a"}]${field}`)] });
    await assert.rejects(two.apply(type, object(namespace, { members: [member('a', 'X')] })), (error) => {
      assert.ok(isConflict(error));
      assert.match(error.message, /Apply failed with 1 conflict: conflict with "one": \.spec\.members\[name="a"\]\.mspId/);
      return refusal(409, 'Conflict', undefined, ['.spec.members[name="a"].mspId'])(error);
    });
    const forced = await two.apply(type, object(namespace, { members: [member('a', 'X')] }), { force: true });
    assert.equal(forced['spec'].members[0].mspId, 'X');
    assert.ok(!ownership(forced)['one Apply']!.includes('spec.members[{"name":"a"}].mspId'));
    assert.ok(ownership(forced)['two Apply']!.includes('spec.members[{"name":"a"}].mspId'));
  }),

  scenario('what is no longer applied goes, unless somebody else owns it too', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    await one.apply(type, object(namespace, { ledger, members: [member('a'), member('b')] }, { labels: { x: '1', y: '2' } }));
    await two.apply(type, object(namespace, { members: [member('b'), member('c')] }));
    const left = await one.apply(type, object(namespace, { ledger, members: [member('a')] }, { labels: { y: '2' } }));
    assert.deepEqual(left['spec'].members.map((each: { name: string }) => each.name).sort(), ['a', 'b', 'c']);
    assert.deepEqual(left.metadata.labels, { y: '2' });
    const alone = await two.apply(type, object(namespace));
    assert.deepEqual(alone['spec'].members.map((each: { name: string }) => each.name), ['a']);
    assert.deepEqual(Object.keys(ownership(alone)), ['one Apply']);
  }),

  scenario('items keep their places, new ones come where they are applied', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    await one.apply(type, object(namespace, { ledger, members: [member('a'), member('b'), member('c')] }));
    const names = (thing: Thing) => thing['spec'].members.map((each: { name: string }) => each.name);
    assert.deepEqual(names(await two.apply(type, object(namespace, { members: [member('z'), member('b')] }))), ['a', 'z', 'b', 'c']);
    assert.deepEqual(names(await one.apply(type, object(namespace, { ledger, members: [member('c'), member('a'), member('b')] }))), names(await one.apply(type, object(namespace, { ledger, members: [member('c'), member('a'), member('b')] }))));
  }),

  scenario('a patch takes the fields it changes from whoever applied them', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, patcher] = [cluster.client('one'), cluster.client('patcher')];
    await one.apply(type, object(namespace, { ledger, members: [member('a')] }));
    const patched = await patcher.mergePatch(type, { namespace, name }, { metadata: { labels: { x: '1' } }, spec: { members: [member('a', 'P')] } });
    assert.deepEqual(ownership(patched)['patcher Update'], ['metadata.labels', 'metadata.labels.x', 'spec.members[{"name":"a"}].mspId']);
    await assert.rejects(one.apply(type, object(namespace, { ledger, members: [member('a')] })), /conflict with "patcher" using guildhall\.dev\/v1alpha1: \.spec\.members\[name="a"\]\.mspId/);
  }),

  scenario('status is applied apart: its own managers, and the parts of different ones side by side', async (cluster) => {
    const namespace = await cluster.namespace();
    const operator = cluster.client('operator');
    const made = await operator.apply(type, object(namespace, { ledger, members: [member('a')] }));
    const condition = (kind: string, message: string) => ({ type: kind, status: 'True', reason: 'Ready', message, lastTransitionTime: '2026-01-01T00:00:00Z' });
    await operator.applyStatus(type, { metadata: made.metadata, status: { summary: 'begun', conditions: [condition('Ready', 'one')] } });
    const both = await operator.applyStatus(type, { metadata: made.metadata, status: { nodes: { total: 1, ready: 0 }, conditions: [condition('Degraded', 'two')] } }, { fieldManager: 'health' });
    assert.deepEqual(both['status'].conditions.map((each: { type: string }) => each.type), ['Ready', 'Degraded']);
    assert.equal(both.metadata.generation, 1);
    assert.deepEqual(Object.keys(ownership(both)).sort(), ['health Apply status', 'operator Apply', 'operator Apply status']);
    await assert.rejects(operator.applyStatus(type, { metadata: made.metadata, status: { summary: 'mine' } }, { fieldManager: 'health' }), refusal(409, 'Conflict', /conflict with "operator" with subresource "status": \.status\.summary/));
    const less = await operator.applyStatus(type, { metadata: made.metadata, status: { conditions: [condition('Ready', 'one')] } });
    assert.equal(less['status'].summary, undefined);
    assert.deepEqual(less['status'].conditions.length, 2);
    await assert.rejects(operator.applyStatus(type, { metadata: { name: 'none', namespace }, status: {} }), refusal(404, 'NotFound'));
  }),

  scenario('fields that a kind does not have are refused when applied, and left out with a warning when created', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('one');
    const wrong = object(namespace, { ledger, members: [member('a')], nonsense: 1 });
    await assert.rejects(client.apply(type, wrong), (error) => error instanceof ApiError && error.status === 500 && /failed to create typed patch object .*\.spec\.nonsense: field not declared in schema/.test(error.message));
    await assert.rejects(client.create(type, wrong), refusal(400, 'BadRequest', /strict decoding error: unknown field "spec\.nonsense"/));
    const { status, body, warning } = await cluster.request('POST', `/apis/guildhall.dev/v1alpha1/namespaces/${namespace}/consortia`, { body: { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium', ...wrong } });
    assert.deepEqual([status, body['spec'].nonsense, warning], [201, undefined, '299 - "unknown field \\"spec.nonsense\\""']);
  }),

  scenario('a status with fields that its kind does not have, as an operator newer than the kind writes it, is taken without them', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('operator');
    const made = await client.apply(type, object(namespace, { ledger, members: [member('a')] }));
    const condition = { type: 'Ready', status: 'True', reason: 'Ready', message: 'it is', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const older = { summary: 'begun', nodes: { total: 1, ready: 0 }, conditions: [condition] };
    const newer = { ...older, colour: 'red', nodes: { ...older.nodes, odd: 1 }, conditions: [{ ...condition, odd: 2 }] };
    await assert.rejects(client.applyStatus(type, { metadata: made.metadata, status: newer }), (error) => error instanceof ApiError && error.status === 500);
    const taken = await leavingOutUndeclared(client, systemClock, silentLogger).applyStatus(type, { metadata: made.metadata, status: newer });
    assert.deepEqual(taken['status'], older);
  }),

  scenario('preconditions: of a uid and of a version', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('one');
    const made = await client.apply(type, object(namespace, { ledger, members: [member('a')] }));
    const { resourceVersion, uid } = made.metadata;
    await client.mergePatch(type, { namespace, name }, { metadata: { resourceVersion, labels: { x: '1' } } });
    const stale = refusal(409, 'Conflict', /the object has been modified; please apply your changes to the latest version and try again/);
    await assert.rejects(client.mergePatch(type, { namespace, name }, { metadata: { resourceVersion, labels: { x: '2' } } }), stale);
    await assert.rejects(client.apply(type, object(namespace, { ledger, members: [member('b')] }, { resourceVersion })), stale);
    await assert.rejects(client.apply(type, object(namespace, { ledger, members: [member('b')] }, { uid: 'another' })), refusal(422, 'Invalid', /field is immutable/));
    await assert.rejects(client.apply(type, { ...object(namespace, { ledger, members: [member('b')] }), metadata: { name: 'none', namespace, uid: uid! } }), refusal(409, 'Conflict', /uid mismatch/));
    await client.apply(type, object(namespace, { ledger, members: [member('a')] }, { uid }));
  }),

  scenario('lists without keys are one value', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    const set = (args: string[]) => ({
      metadata: { name, namespace },
      spec: { serviceName: name, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i:1', args }] } } },
    });
    await one.apply(statefulSets, set(['a', 'b']));
    await assert.rejects(two.apply(statefulSets, set(['a'])), refusal(409, 'Conflict', undefined, ['.spec.template.spec.containers[name="c"].args']));
    const changed = await one.apply(statefulSets, set(['b']));
    assert.deepEqual(changed.spec.template.spec.containers[0]?.args, ['b']);
  }),

  scenario('sets are merged value by value', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    const holding = (finalizers: string[]) => ({ metadata: { name, namespace, finalizers }, spec: specs['Node'] });
    const nodes = anyType(node.type);
    await one.apply(nodes, holding(['guildhall.dev/a']));
    const both = await two.apply(nodes, holding(['guildhall.dev/b']));
    assert.deepEqual(both.metadata.finalizers?.toSorted(), ['guildhall.dev/a', 'guildhall.dev/b']);
    const left = await one.apply(nodes, { metadata: { name, namespace }, spec: specs['Node'] });
    assert.deepEqual(left.metadata.finalizers, ['guildhall.dev/b']);
    await two.apply(nodes, { metadata: { name, namespace }, spec: specs['Node'] });
  }),

  scenario('a key may rest on a default: the protocol of a port', async (cluster) => {
    const namespace = await cluster.namespace();
    const client = cluster.client('one');
    const service = (ports: object[]) => ({ metadata: { name, namespace }, spec: { selector: { a: 'b' }, ports } }) as never;
    const made = await client.apply(services, service([{ name: 'x', port: 80 }]));
    const same = await client.apply(services, service([{ name: 'x', port: 80, protocol: 'TCP' }]));
    assert.deepEqual(same.spec, made.spec);
    const moved = await client.apply(services, service([{ name: 'x', port: 81 }]));
    assert.deepEqual(moved.spec.ports, [{ name: 'x', port: 81, protocol: 'TCP', targetPort: 81 }]);
    assert.equal(moved.spec.clusterIP, made.spec.clusterIP);
  }),

  scenario('values that are not applied to stay: maps are merged key by key', async (cluster) => {
    const namespace = await cluster.namespace();
    const [one, two] = [cluster.client('one'), cluster.client('two')];
    await one.apply(configMaps, { metadata: { name, namespace }, data: { a: '1', b: '2' } });
    await two.apply(configMaps, { metadata: { name, namespace }, data: { c: '3' } });
    const left = await one.apply(configMaps, { metadata: { name, namespace }, data: { b: '2' } });
    assert.deepEqual(left.data, { b: '2', c: '3' });
    await assert.rejects(two.apply(configMaps, { metadata: { name, namespace }, data: { b: '9', c: '3' } }), refusal(409, 'Conflict', undefined, ['.data.b']));
  }),
];
