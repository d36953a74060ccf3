import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSchema } from '../../scripts/schema-model.ts';
import { nameOfType, searchTypes } from './schema-type.ts';

const types = describeSchema(`
  """A block."""
  type Block { "Its place." number: Int! hash: String }
  type Query { block("Counted from 0." number: Int!): Block! other: [Colour!] }
  enum Colour { "Like the sky." blue red }
  input Wish { colour: Colour! }
  scalar Moment
`);

test('a schema is described with its roots first', () => {
  assert.deepEqual(types.map(({ name, kind }) => `${kind} ${name}`), ['type Query', 'type Block', 'enum Colour', 'scalar Moment', 'input Wish']);
  assert.deepEqual(types[0]?.fields[0], { name: 'block', type: 'Block!', description: '', arguments: [{ name: 'number', type: 'Int!', description: 'Counted from 0.' }] });
  assert.deepEqual(types[2]?.fields.map(({ name, description }) => `${name}: ${description}`), ['blue: Like the sky.', 'red: ']);
});

test('what is searched for is found by names and descriptions, types of that name first', () => {
  const found = (words: string) => searchTypes(types, words).map(({ type, fields }) => [type.name, fields.map(({ name }) => name)]);
  assert.deepEqual(found('BLOCK'), [['Block', ['number', 'hash']], ['Query', ['block']]]);
  assert.deepEqual(found('sky'), [['Colour', ['blue']]]);
  assert.deepEqual(found('counted from'), [['Query', ['block']]]);
  assert.deepEqual(found('nowhere'), []);
  assert.equal(found(' ').length, types.length);
});

test('the name of a type is within its brackets', () => {
  assert.equal(nameOfType('[String!]!'), 'String');
});
