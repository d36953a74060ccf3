import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, customResourceDefinitions } from '@guildhall/kubernetes';
import { crd, kinds } from '@guildhall/resources';
import { createInMemoryCluster, systemPrincipal } from '../index.ts';

const definition = (spec: object, more: object = {}): never =>
  ({
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com', scope: 'Namespaced', names: { kind: 'Thing', plural: 'things' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
      ...more,
    },
  }) as never;
const rule = (text: string, properties: object = { a: { type: 'string' }, n: { type: 'integer' }, list: { type: 'array', items: { type: 'object', properties: { x: { type: 'string' } } } } }) =>
  definition({ type: 'object', properties, 'x-kubernetes-validations': [{ rule: text, message: 'no' }] });

async function refusalOf(object: never): Promise<string | undefined> {
  const client = (await createInMemoryCluster()).connect(systemPrincipal);
  try {
    await client.create(customResourceDefinitions, object);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApiError && error.status === 422, String(error));
    return error.message;
  }
}

test("Guildhall's own definitions are accepted and established", async () => {
  const client = (await createInMemoryCluster()).connect(systemPrincipal);
  for (const kind of kinds) {
    const made = await client.apply(customResourceDefinitions, crd(kind) as never);
    assert.equal(made.status?.conditions?.find(({ type }) => type === 'Established')?.status, 'True');
  }
});

test('rules within the subset are accepted', async () => {
  for (const text of [
    'self.n <= 5 && self.a != "x"', '!has(self.a) || self.a.size() > 1', 'self.list.all(i, i.x.startsWith("a"))', 'self.a in ["x", "y"]',
    'self.list.filter(i, i.x == "a").size() <= 1', 'self == oldSelf', 'self.n >= oldSelf.n ? true : self.n == 0', 'self.list.map(i, i.x).exists_one(x, x == "a")', "self.a.matches('^[a-z]+$')",
  ]) assert.equal(await refusalOf(rule(text)), undefined, text);
});

test('a rule outside the subset is refused when the definition is made, with its place', async () => {
  for (const [text, why] of [
    ['self.list[0].x == "a"', /"\[\]" is outside of the subset/],
    ['duration(self.a) > duration("1h")', /duration\(\) is outside of the subset/],
    ['self.a.lowerAscii() == "x"', /lowerAscii\(\) is outside of the subset/],
    ['self.n * 2 == 4', /"\*" is outside of the subset/],
    ['self.nosuch == 1', /undefined field 'nosuch'/],
    ['self.list.all(i, i.y == "a")', /undefined field 'y'/],
    ['other == 1', /undeclared reference to 'other'/],
    ['self.a ==', /compilation failed/],
  ] as const) {
    const message = await refusalOf(rule(text));
    assert.match(message ?? '', why, text);
    assert.match(message ?? '', /spec\.versions\[0\]\.schema\.openAPIV3Schema\.properties\[spec\]\.x-kubernetes-validations\[0\]\.rule/);
  }
});

test('what a definition asks for and would have no effect is refused', async () => {
  assert.match((await refusalOf(definition({ anyOf: [{ type: 'string' }] }))) ?? '', /properties\[spec\]\.anyOf/);
  assert.match((await refusalOf(definition({ type: 'string', pattern: '(?=x)' }))) ?? '', /not the same in RE2/);
  assert.match((await refusalOf(definition({ properties: {} }))) ?? '', /properties\[spec\]\.type: Required value/);
  assert.match((await refusalOf(definition({ type: 'object', 'x-kubernetes-validations': [{ rule: 'true', messageExpression: '"x"' }] }))) ?? '', /messageExpression/);
  assert.match((await refusalOf(definition({ type: 'string' }, { names: { kind: 'Thing', plural: 'others' } }))) ?? '', /must be spec\.names\.plural/);
});
