import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignInFailures } from './sign-in-failures.ts';

test('a burst of failures is borne, more of them are too many, and time forgives', () => {
  let now = 0;
  const failures = createSignInFailures(() => new Date(now));
  const count = (times: number): number => Array.from({ length: times }, () => failures.count()).filter(Boolean).length;
  assert.equal(count(20), 0);
  assert.equal(count(5), 5);
  now += 4000;
  assert.equal(count(3), 1);
  now += 86_400_000;
  assert.equal(count(25), 5, 'a day does not save up more than a burst');
});

test('a clock that goes back gives nothing and takes nothing', () => {
  let now = 1_000_000;
  const failures = createSignInFailures(() => new Date(now));
  for (let count = 0; count < 20; count += 1) failures.count();
  now -= 500_000;
  assert.equal(failures.count(), true);
  now += 2000;
  assert.equal(failures.count(), false);
});
