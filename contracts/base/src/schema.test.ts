import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ContractError } from './errors.ts';
import { boolean, date, id, instant, integer, list, moneySchema, mspId, object, oneOf, optional, text, type Schema } from './schema.ts';

const schema = object({
  id: id('Id'),
  owner: mspId('Owner'),
  amount: moneySchema('Amount'),
  due: date('Due'),
  until: optional(instant('Until')),
  count: integer({ title: 'Count', minimum: 1, maximum: 5 }),
  kind: oneOf('Kind', ['sale', 'pledge']),
  parts: list(object({ name: text({ title: 'Name', maxLength: 3 }) }), { title: 'Parts', minItems: 1, maxItems: 2 }),
  final: boolean('Final'),
});
const good = {
  id: 'a.1:b_c-d',
  owner: 'Org1MSP',
  amount: { minor: '1000000000000000', ccy: 'CNY' },
  due: '2028-02-29',
  count: 5,
  kind: 'sale',
  parts: [{ name: 'abc' }],
  final: true,
};

function pathOf(value: unknown): string | undefined {
  try {
    schema.parse(value, '');
  } catch (error) {
    assert.ok(error instanceof ContractError && error.code === 'INVALID_ARG');
    return error.path;
  }
  return 'accepted';
}

describe('arguments', () => {
  test('that fit are taken, times in their one form', () => {
    assert.deepEqual(schema.parse(good, ''), good);
    assert.equal(schema.parse({ ...good, until: '2026-01-01T00:00:00Z' }, '').until, '2026-01-01T00:00:00.000Z');
  });

  const bad: readonly (readonly [path: string, change: object])[] = [
    ['id', { id: undefined }],
    ['id', { id: '' }],
    ['id', { id: 'a/b' }],
    ['id', { id: 'x'.repeat(65) }],
    ['id', { id: 'a\u0000' }],
    ['id', { id: 7 }],
    ['id', { id: '.a' }],
    ['owner', { owner: 'a b' }],
    ['amount.minor', { amount: { minor: '0', ccy: 'CNY' } }],
    ['amount.minor', { amount: { minor: '1000000000000001', ccy: 'CNY' } }],
    ['amount.minor', { amount: { minor: 100, ccy: 'CNY' } }],
    ['amount.minor', { amount: { minor: '1.5', ccy: 'CNY' } }],
    ['amount.minor', { amount: { minor: '01', ccy: 'CNY' } }],
    ['amount.minor', { amount: { minor: '-1', ccy: 'CNY' } }],
    ['amount.ccy', { amount: { minor: '1', ccy: 'yuan' } }],
    ['amount.fee', { amount: { minor: '1', ccy: 'CNY', fee: 1 } }],
    ['due', { due: '2026-02-29' }],
    ['until', { until: 'tomorrow' }],
    ['until', { until: null }],
    ['count', { count: 6 }],
    ['count', { count: 1.5 }],
    ['count', { count: '1' }],
    ['kind', { kind: 'gift' }],
    ['parts', { parts: [] }],
    ['parts', { parts: {} }],
    ['parts', { parts: [1, 2, 3] }],
    ['parts[1].name', { parts: [{ name: 'a' }, { name: 'abcd' }] }],
    ['parts[0].name', { parts: [{ name: '\ud800' }] }],
    ['final', { final: 'yes' }],
    ['extra', { extra: 1 }],
    ['constructor', JSON.parse('{"constructor":1}') as object],
    ['__proto__', JSON.parse('{"__proto__":{"id":"x"}}') as object],
  ];
  for (const [path, change] of bad) {
    test(`that do not fit are refused with the path: ${path} in ${JSON.stringify(change)}`, () => {
      const value: object = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, field]) => field !== undefined));
      assert.equal(pathOf(value), path);
    });
  }

  test('that are no object are refused', () => {
    for (const value of [null, [], 'x', 1]) assert.equal(pathOf(value), '');
  });
});

test('the same description is a JSON Schema', () => {
  const described: Schema<unknown>['json'] = schema.json;
  assert.deepEqual(described['required'], ['id', 'owner', 'amount', 'due', 'count', 'kind', 'parts', 'final']);
  assert.equal(described['additionalProperties'], false);
  assert.deepEqual(JSON.parse(JSON.stringify(described)), described);
});
