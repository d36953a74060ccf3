import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeComponents } from './node.ts';

test('what is linked into Node.js is listed with it; numbers of interfaces and what is not in it are not', () => {
  const listed = nodeComponents({ node: '24.1.0', v8: '13.6.2-node.1', openssl: '3.5.0', ngtcp2: '', modules: '137', napi: '10', unicode: '16.0' });
  assert.deepEqual(listed.map(({ purl }) => purl), ['pkg:generic/node@24.1.0', 'pkg:generic/v8@13.6.2-node.1', 'pkg:generic/openssl@3.5.0']);
});
