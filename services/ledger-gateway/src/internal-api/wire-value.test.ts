import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fromWire, toWire } from './wire-value.ts';

const overWire = (value: unknown): unknown => fromWire(JSON.parse(JSON.stringify(toWire(value))));

test('whatever the values of the gateway are made of crosses as it is', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constantFrom(null, undefined, '\ud800', new Date(Number.NaN)),
    fc.date(),
    fc.uint8Array(),
  );
  const key = fc.oneof(fc.string(), fc.constantFrom('$bytes', '$date', '$object', '$undefined', '$other', '__proto__', 'constructor'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((fields) => Object.fromEntries(fields))),
  }));
  fc.assert(fc.property(value, (value) => assert.deepStrictEqual(overWire(value), value)), { numRuns: 500 });
});

test('bytes of a buffer cross as bytes, and only its own part of the memory', () => {
  assert.deepStrictEqual(overWire({ hash: Buffer.from('abcdef').subarray(1, 3) }), { hash: Uint8Array.of(98, 99) });
});

test('a field named __proto__ is a field and changes no prototype', () => {
  const value = overWire(JSON.parse('{"__proto__":{"admin":true}}')) as { admin?: boolean };
  assert.equal(value.admin, undefined);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

test('what cannot cross is an error, at both ends', () => {
  for (const value of [new Map(), () => 1, Symbol('a'), new Error('no')]) assert.throws(() => toWire({ value }), TypeError);
  for (const wire of [{ $bytes: 7 }, { $other: 'a' }, { $object: [1] }]) assert.throws(() => fromWire(wire), TypeError);
});
