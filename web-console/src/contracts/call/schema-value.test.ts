import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSchema, type ArgumentSchema } from '../argument-schema.ts';
import { argumentsOf, blankOf, enteredOf, wrongValues, type Entered } from './schema-value.ts';

const money: ArgumentSchema = { type: 'object', format: 'money', required: ['minor', 'ccy'], properties: { ccy: { type: 'string', pattern: /^[A-Z]{3}$/u }, minor: { type: 'string', pattern: /^[1-9][0-9]*$/u } } };
const schema: ArgumentSchema = {
  type: 'object',
  required: ['id', 'face', 'parts'],
  properties: {
    note: { type: 'string' },
    id: { type: 'string', minLength: 1, maxLength: 4 },
    face: money,
    parts: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'object', required: ['amount'], properties: { amount: money } } },
    size: { type: 'integer', minimum: 1, maximum: 100 },
    until: { type: 'string', format: 'date-time' },
    free: {},
  },
};
const good: Entered = { id: 'N1', face: { minor: '100', ccy: 'CNY' }, parts: [{ amount: { minor: '100', ccy: 'CNY' } }], size: null, note: '', until: '2026-12-01T08:00', free: '{"a":[1]}' };

test('what is left empty is not sent; instants are sent in UTC, free values as the JSON that they are', () => {
  assert.deepEqual(wrongValues(schema, good), []);
  assert.deepEqual(argumentsOf(schema, good), {
    id: 'N1', face: { minor: '100', ccy: 'CNY' }, parts: [{ amount: { minor: '100', ccy: 'CNY' } }], until: '2026-12-01T08:00:00.000Z', free: { a: [1] },
  });
});

test('a value that is filled in is the value that is sent', () => {
  const sent = argumentsOf(schema, good);
  assert.deepEqual(argumentsOf(schema, enteredOf(schema, sent)), sent);
  assert.deepEqual(enteredOf(schema, undefined), { ...(blankOf(schema) as object), parts: blankOf(schema.properties?.['parts'] ?? {}) });
});

test('a blank form lacks what is required, at its place', () => {
  assert.deepEqual(wrongValues(schema, blankOf(schema)).map(({ path, key }) => `${path} ${key}`), ['id required', 'face.minor required', 'face.ccy required', 'parts[0].amount.minor required', 'parts[0].amount.ccy required']);
});

test('a group without fields, as the settings of a contract that has none, is there and not missing', () => {
  const config: ArgumentSchema = { type: 'object', required: ['settings'], properties: { settings: { type: 'object', properties: {} } } };
  assert.deepEqual(wrongValues(config, blankOf(config)), []);
  assert.deepEqual(argumentsOf(config, blankOf(config)), { settings: {} });
});

test('a wrong value is told at its path', () => {
  const cases: [change: object, ...wrong: string[]][] = [
    [{ id: 'N1234' }, 'id tooLong'],
    [{ face: { minor: '0', ccy: 'CNY' } }, 'face.minor pattern'],
    [{ face: { minor: '1', ccy: '' } }, 'face.ccy required'],
    [{ parts: [{ amount: { minor: '1', ccy: 'cny' } }] }, 'parts[0].amount.ccy pattern'],
    [{ parts: [{ amount: { minor: '', ccy: '' } }, { amount: { minor: '1', ccy: 'CNY' } }] }, 'parts[0].amount.minor required', 'parts[0].amount.ccy required'],
    [{ size: 101 }, 'size tooLarge'],
    [{ until: 'soon' }, 'until instant'],
    [{ free: '{' }, 'free json'],
  ];
  for (const [change, ...wrong] of cases) assert.deepEqual(wrongValues(schema, { ...good, ...change }).map(({ path, key }) => `${path} ${key}`), wrong);
});

test('a pattern is that of the contract, and one that could hold up the page is left to it', () => {
  const wrong = (pattern: string, text: string) => wrongValues(readSchema({ type: 'string', pattern }), text, 'id').map(({ key }) => key);
  assert.deepEqual(wrong(String.raw`^\p{L}+$`, 'ab'), []);
  assert.deepEqual(wrong(String.raw`^[\u{61}-\u{62}]$`, 'c'), ['pattern']);
  assert.deepEqual(wrong('^(a+)+$', `${'a'.repeat(50)}!`), []);
});

const partsOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Object.values(value).reduce((sum: number, part) => sum + partsOf(part), 0) : 1);
const nested = (depth: number): ArgumentSchema => (depth === 0 ? { type: 'string' } : { type: 'array', minItems: 20, items: nested(depth - 1) });

test('a form begins as one that can be shown, whatever a contract asks for', () => {
  const two: ArgumentSchema = { type: 'object', properties: { a: nested(20), b: { type: 'array', minItems: 1e9, items: { type: 'object', properties: {} } } } };
  for (const schema of [two, { type: 'array', minItems: 1e9, items: nested(2) }]) assert.ok(partsOf(blankOf(schema)) <= 310);
  assert.equal(partsOf(blankOf(nested(1))), 21, 'what it asks for is there, if that is little');
});

test('a value too large for a form is not entered in part', () => {
  const rows: ArgumentSchema = { type: 'array', items: { type: 'array', items: { type: 'string' } } };
  const value = (length: number) => Array.from({ length }, () => Array.from({ length: 20 }, String));
  assert.deepEqual(enteredOf(rows, value(10)), value(10));
  assert.equal(enteredOf(rows, value(20)), undefined);
  const lacking: ArgumentSchema = { type: 'array', items: { type: 'object', properties: { more: nested(19) } } };
  assert.equal(enteredOf(lacking, Array.from({ length: 1000 }, () => ({}))), undefined);
});
