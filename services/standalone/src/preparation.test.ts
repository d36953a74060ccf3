import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPreparation } from './preparation.ts';

test('each step is told as it is now, in the order in which they began, until nobody listens', () => {
  const preparation = createPreparation();
  const fabric = preparation.begin('programs');
  const seen: string[] = [];
  const stop = preparation.onChange(() => seen.push(preparation.steps().map(({ title, state, message }) => `${title} ${state}: ${message}`).join(', ')));
  const console = preparation.begin('console');
  fabric.tell('  peer: 10 packages compiled');
  fabric.wait('install Go');
  console.succeed('built');
  stop();
  fabric.succeed('there');
  assert.deepEqual(seen, [
    'Programs of Fabric running: it is being looked for, Console running: it is being looked for',
    'Programs of Fabric running: peer: 10 packages compiled, Console running: it is being looked for',
    'Programs of Fabric waiting: install Go, Console running: it is being looked for',
    'Programs of Fabric waiting: install Go, Console succeeded: built',
  ]);
  assert.equal(preparation.steps()[0]?.state, 'succeeded');
});
