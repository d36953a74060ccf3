import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth, silentLogger, type CustomResourceDefinition } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { channel, crd, member, node } from '@guildhall/resources';
import { createDefinitions, definitionProblem, lacking } from './definitions.ts';

const own = (): CustomResourceDefinition => structuredClone(crd(node)) as unknown as CustomResourceDefinition;
function older(): CustomResourceDefinition {
  const definition = own();
  const schema = definition.spec.versions[0]?.schema?.openAPIV3Schema as { properties: { spec: { properties: Record<string, unknown> } } };
  delete schema.properties.spec.properties['storage'];
  return definition;
}

test('a schema lacks fields and values that it does not know, wherever they are', () => {
  const wanted = { properties: { a: { enum: ['x', 'y'] }, list: { items: { properties: { b: {} } } } } };
  assert.deepEqual(lacking(wanted, wanted, ''), []);
  assert.deepEqual(lacking({ properties: { a: { enum: ['x'] }, list: { items: {} } } }, wanted, ''), ['a=y', 'list[].b']);
  assert.deepEqual(lacking({ properties: { ...wanted.properties, more: {} } }, wanted, ''), [], 'a newer one does no harm');
});

test('a definition that is missing or older is told with what to do', () => {
  assert.equal(definitionProblem(node, own()), undefined);
  assert.match(definitionProblem(node, older())?.message ?? '', /definition of Node is older than this operator: it does not know spec\.storage\. .*helm upgrade --install guildhall-crds/);
  assert.match(definitionProblem(node, undefined)?.message ?? '', /has no definition of Node \(nodes\.guildhall\.dev\)/);
});

test('it is looked at often until all is right; without a definition the operator is not ready', async () => {
  const clock = createFakeClock();
  const health = createHealth();
  const changes: string[] = [];
  const ended = new AbortController();
  let installed: CustomResourceDefinition | undefined;
  const definitions = createDefinitions({ client: { get: async () => installed as never }, clock, logger: silentLogger, health }, [node], (kind) => changes.push(kind));
  const following = definitions.follow(ended.signal);
  await clock.advance(0);
  assert.match(health.ready().checks['definitions'] ?? '', /no definition of Node/);
  installed = older();
  await clock.advance(5_000);
  assert.deepEqual([health.ready().ok, definitions.problem('Node')?.reason], [true, 'Failed']);
  installed = own();
  await clock.advance(5_000);
  assert.equal(definitions.problem('Node'), undefined);
  assert.deepEqual(changes, ['Node', 'Node', 'Node']);
  ended.abort();
  await following;
});

test('while all is right one is looked at after the other, each within five minutes; what goes wrong then has all looked at', async () => {
  const clock = createFakeClock();
  const all = [node, channel, member];
  let looked: string[] = [];
  let isThere = true;
  const get = async (_type: unknown, { name }: { name: string }) => {
    looked.push(name.split('.')[0] ?? '');
    return isThere ? (structuredClone(crd(all.find(({ type }) => name.startsWith(type.plural)) ?? assert.fail(name))) as never) : undefined;
  };
  const ended = new AbortController();
  const definitions = createDefinitions({ client: { get }, clock, logger: silentLogger, health: createHealth() }, all, () => undefined);
  const following = definitions.follow(ended.signal);
  await clock.advance(0);
  assert.equal(looked.length, 3);
  for (const minutes of [1, 4, 5]) {
    looked = [];
    await clock.advance(minutes * 60_000);
    assert.ok(looked.length <= Math.ceil((minutes * 3) / 5), `${looked.length} in ${minutes} minutes`);
  }
  assert.deepEqual(looked.toSorted(), ['channels', 'members', 'nodes']);
  isThere = false;
  await clock.advance(110_000);
  assert.deepEqual(all.map(({ type }) => definitions.problem(type.kind)?.reason), ['Failed', 'Failed', 'Failed']);
  ended.abort();
  await following;
});
