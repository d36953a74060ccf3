import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOfFragment, takeCode } from './code-of-link.ts';

test('the code of a sign-in link is taken out of the address at once', () => {
  const addresses: unknown[] = [];
  const history = { state: null, replaceState: (_: unknown, __: string, address: string) => addresses.push(address) } as unknown as History;
  assert.equal(takeCode({ pathname: '/sign-in', hash: '#code=a%2Bb' } as Location, history), 'a+b');
  assert.deepEqual(addresses, ['/sign-in']);
  assert.equal(takeCode({ pathname: '/operations', hash: '#code=x' } as Location, history), undefined);
  assert.deepEqual(addresses, ['/sign-in'], 'other pages keep their fragments');
});

test('a fragment without a code has none', () => {
  assert.equal(codeOfFragment(''), undefined);
  assert.equal(codeOfFragment('#other=1'), undefined);
});
