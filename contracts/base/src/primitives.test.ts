import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import { apportion } from './money.ts';
import { addDays, dateOf, epochMs, isDate, normaliseInstant } from './time.ts';

describe('canonical JSON', () => {
  test('orders keys by UTF-16 units (RFC 8785, 3.2.3) and leaves undefined fields out', () => {
    const sample = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7, gone: undefined };
    assert.equal(canonicalJson(sample), '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\u{1f600}":5,"\ufb33":3}');
  });

  test('is the same whatever the order of fields, and reads back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null))),
        (value) => {
          const reversed = Object.fromEntries(Object.entries(value).toReversed());
          assert.equal(canonicalJson(value), canonicalJson(reversed));
          assert.deepEqual({ ...(JSON.parse(canonicalJson(value)) as object) }, { ...value });
        },
      ),
    );
  });

  test('refuses what has no one form', () => {
    for (const value of [0.5, NaN, Infinity, 2 ** 53, '\ud800', 1n, () => 1, Symbol('x')])
      assert.throws(() => canonicalJson({ value }), TypeError);
    assert.equal(canonicalJson(-0), '0');
  });
});

describe('time without a clock', () => {
  const instants = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });

  test('agrees with Date on every instant', () => {
    fc.assert(
      fc.property(instants, (date) => {
        assert.equal(normaliseInstant(date.toISOString()), date.toISOString());
        assert.equal(epochMs(date.toISOString()), date.getTime());
      }),
    );
  });

  test('agrees with Date on days ahead', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 800 }), (date, days) => {
        const later = new Date(date.getTime() + days * 86_400_000);
        fc.pre(later.getUTCFullYear() < 10_000);
        assert.equal(addDays(dateOf(date.toISOString()), days), dateOf(later.toISOString()));
      }),
    );
  });

  test('knows no 30th of February, no 25th hour, no other zone', () => {
    for (const text of ['2026-02-30', '2025-02-29', '2026-13-01', '2026-1-1', '2026-00-10']) assert.equal(isDate(text), false, text);
    assert.equal(isDate('2028-02-29'), true);
    for (const text of [
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:60:00Z',
      '2026-01-01T00:00:00+08:00',
      '2026-01-01 00:00:00Z',
      '2026-02-30T00:00:00Z',
    ])
      assert.equal(normaliseInstant(text), undefined, text);
    assert.equal(normaliseInstant('2026-01-01T00:00:00.1239Z'), '2026-01-01T00:00:00.123Z');
  });
});

describe('shares by largest remainder', () => {
  test('add up exactly and differ from the exact share by less than one unit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 200 }),
        (total, weights) => {
          const sum = weights.reduce((a, b) => a + b, 0n);
          fc.pre(sum > 0n);
          const shares = apportion(
            total,
            weights.map((weight, index) => ({ id: `p${index}`, weight })),
          );
          assert.equal(
            [...shares.values()].reduce((a, b) => a + b, 0n),
            total,
          );
          for (const [index, weight] of weights.entries()) {
            const gap = (shares.get(`p${index}`) ?? 0n) * sum - total * weight;
            assert.ok(gap < sum && gap > -sum);
          }
        },
      ),
    );
  });

  test('a tie goes to the smaller id', () => {
    const shares = apportion(10n, [
      { id: 'c', weight: 1n },
      { id: 'a', weight: 1n },
      { id: 'b', weight: 1n },
    ]);
    assert.deepEqual(Object.fromEntries(shares), { a: 4n, b: 3n, c: 3n });
  });
});
