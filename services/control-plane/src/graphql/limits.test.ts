import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getNamedType, isObjectType, parse, type GraphQLNamedType } from 'graphql';
import { costRefusal } from './limits.ts';
import { schema } from './schema.ts';

const refusal = (source: string, variables: Record<string, unknown> = {}): string | undefined => costRefusal(schema, parse(source), variables)?.message;

describe('the cost of a query', () => {
  test('of a page of everything that a screen shows is within the limit', () => {
    assert.equal(refusal('{ consortia(first: 20) { edges { node { id name ready members { name ready nodes { name role ready health { state } } } channels { name height } } } } }'), undefined);
    assert.equal(refusal('{ operations(first: 50) { edges { node { id state steps { name state } log(first: 20) { message } } } } }'), undefined);
  });

  test('is that of its longest pages, whether they are written, in variables, or left out', () => {
    const log = (first: string) => `query($n: Int) { operations(first: ${first}) { edges { node { log(first: 500) { id step at message } } } } }`;
    assert.equal(refusal(log('5')), undefined);
    assert.match(refusal(log('100')) ?? '', /too many things/);
    assert.match(refusal(log('$n'), { n: 100 }) ?? '', /too many things/);
    assert.equal(refusal(log('$n'), { n: 5 }), undefined);
    assert.equal(refusal(log('$n')), undefined, 'a default page');
  });

  test('of a page of the ledger is within the limit, of everything in a hundred blocks not', () => {
    const lists = 'id index at contract function validation { name valid } writes { key value { value cut } } reads { key block } endorsers { mspId } event { name payload { value } }';
    assert.equal(refusal(`{ transaction(consortium: "a", channel: "b", id: "c") { ${lists} } }`), undefined);
    assert.equal(refusal(`{ block(consortium: "a", channel: "b", number: 1) { number transactions(first: 100) { edges { node { ${lists} } } } } }`), undefined);
    assert.match(refusal(`{ channel(id: "a") { blocks(first: 100) { edges { node { transactions(first: 100) { edges { node { ${lists} } } } } } } } }`) ?? '', /too many things/);
    assert.match(refusal(`{ channel(id: "a") { transactions(first: 100) { edges { node { writes(first: 1000) { key } } } } } }`) ?? '', /too many things/);
  });

  test('counts every alias', () => {
    const aliases = Array.from({ length: 30 }, (_, index) => `a${index}: consortia(first: 100) { edges { node { members { name roles } } } }`).join(' ');
    assert.match(refusal(`{ ${aliases} }`) ?? '', /too many things/);
  });

  test('counts what fragments hold, however they are nested', () => {
    const spread = '{ consortia(first: 100) { edges { node { ...A ...B } } } }';
    const fragments = 'fragment A on Consortium { members { ...M } } fragment B on Consortium { ... on Consortium { members { ...M } } } fragment M on Member { nodes { channels { name height lag } } }';
    assert.match(refusal(`${spread} ${fragments}`) ?? '', /too many things/);
    assert.equal(refusal(`{ consortium(name: "a") { ...A } } ${fragments}`), undefined);
  });

  test('of fragments that spread each other twice is counted in no time', () => {
    const chain = Array.from({ length: 200 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ');
    assert.match(refusal(`{ ...F0 } ${chain} fragment F200 on Query { templates { id } }`) ?? '', /too many things/);
  });

  test('of a cycle of fragments is another rule’s to refuse', () => {
    assert.equal(refusal('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'), undefined);
  });
});

test('the schema has no cycle, so that a query is only ever so deep', () => {
  const below = (type: GraphQLNamedType, path: string[]): void => {
    assert.ok(!path.includes(type.name), [...path, type.name].join(' > '));
    if (!isObjectType(type)) return;
    for (const field of Object.values(type.getFields())) below(getNamedType(field.type), [...path, type.name]);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) below(root!, []);
});
