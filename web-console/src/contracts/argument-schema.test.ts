import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSchema, type ArgumentSchema } from './argument-schema.ts';

test('what contracts use of JSON Schema is read as it is', () => {
  const schema: ArgumentSchema = { type: 'object', required: ['id'], properties: { id: { type: 'string', title: 'Id', maxLength: 4 }, parts: { type: 'array', minItems: 1, items: { enum: ['a', 1] } } } };
  assert.deepEqual(readSchema(schema), schema);
});

test('a keyword of another form says nothing, wherever it stands', () => {
  for (const value of [null, 7, 'x', [], { type: 7, required: 'id', properties: [], items: 'x', enum: {}, minLength: '3', maximum: null }]) assert.deepEqual(readSchema(value), {});
  assert.deepEqual(readSchema({ required: ['id', 7], properties: { id: 7 } }), { required: ['id'], properties: { id: {} } });
});

test('a pattern is read if it can be checked, and leaves a form whole if not', () => {
  assert.deepEqual(readSchema({ type: 'string', pattern: '^[a-z]+$' }), { type: 'string', pattern: /^[a-z]+$/u });
  for (const pattern of ['(', '^(a+)+$']) assert.deepEqual(readSchema({ type: 'string', pattern }), { type: 'string' });
});

test('a schema as deep as can be written is cut off', () => {
  const deep = JSON.parse(`${'{"items":'.repeat(5000)}{}${'}'.repeat(5000)}`) as unknown;
  assert.ok(JSON.stringify(readSchema(deep)).length < 1000);
});
