import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { buildConsole } from '../../../scripts/web-console.js';
import { createPreparation } from './preparation.ts';
import { provideConsole } from './web-console.ts';

const built = { index: '', files: new Map(), documents: new Map() };

function provide(build: (options: { onProgress: (line: string) => void }) => Promise<typeof built | undefined>) {
  const preparation = createPreparation();
  const ending = new AbortController();
  const said: string[] = [];
  const { current, settled } = provideConsole({
    preparing: preparation.begin('console'),
    onProgress: (line) => said.push(line),
    onMissing: (message) => said.push(message),
    signal: ending.signal,
    build: ((_, options) => build(options as { onProgress: (line: string) => void })) as typeof buildConsole,
  });
  return { current, settled, said, ending, state: () => preparation.steps()[0] };
}

test('while it is built the page says how far it is, and then it is there', async () => {
  const building = Promise.withResolvers<typeof built>();
  const { current, settled, said, state } = provide(({ onProgress }) => {
    onProgress('  the console is being built, 5 s');
    return building.promise;
  });
  assert.deepEqual(current(), { absent: 'The console is being built, 5 s. This page shows the console when it is there.', isComing: true });
  assert.deepEqual(said, ['  the console is being built, 5 s']);
  building.resolve(built);
  await settled;
  assert.equal(current(), built);
  assert.equal(state()?.state, 'succeeded');
});

test('a copy of Guildhall without the console says so on the page', async () => {
  const { current, settled, said } = provide(() => Promise.resolve(undefined));
  await settled;
  assert.deepEqual(current(), { absent: 'This copy of Guildhall has no console; its API is at /graphql.', isComing: false });
  assert.deepEqual(said, []);
});

test('a build that fails is said at the terminal, on the page and in the preparation', async () => {
  const { current, settled, said, state } = provide(() => Promise.reject(new Error('npm could not be run.')));
  await settled;
  assert.deepEqual(current(), { absent: 'There is no console: npm could not be run. The API works without it.', isComing: false });
  assert.deepEqual(said, ['npm could not be run.']);
  assert.deepEqual(state(), { title: 'Console', state: 'waiting', message: 'npm could not be run.' });
});

test('the end of Guildhall is no failure of the build', async () => {
  const building = Promise.withResolvers<typeof built>();
  const { settled, said, ending } = provide(() => building.promise);
  ending.abort();
  building.reject(new Error('aborted'));
  await settled;
  assert.deepEqual(said, []);
});
