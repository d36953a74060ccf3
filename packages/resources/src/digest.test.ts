import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, specDigest } from './digest.ts';

test('the order of members and absent fields do not change a digest', () => {
  assert.equal(specDigest({ a: 1, b: { d: [1, 'x'], c: undefined } }), specDigest({ b: { d: [1, 'x'] }, a: 1 }));
});

test('any value that differs changes the digest', () => {
  assert.notEqual(specDigest({ a: [1, 2] }), specDigest({ a: [2, 1] }));
  assert.notEqual(specDigest({ a: '1' }), specDigest({ a: 1 }));
});

test('the canonical form is RFC 8785', () => {
  assert.equal(canonicalJson({ b: [true, null], a: 'é"\n' }), '{"a":"é\\"\\n","b":[true,null]}');
});

test('what has no canonical form is refused', () => {
  assert.throws(() => specDigest({ a: 0.5 }), TypeError);
  assert.throws(() => specDigest({ a: () => 1 }), TypeError);
});
