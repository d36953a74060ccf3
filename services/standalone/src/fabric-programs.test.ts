import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { provideFabricPrograms, type FabricPrograms, type FabricProgramsOptions } from './fabric-programs.ts';

let stop: AbortController;
let missing: string[];
beforeEach(() => {
  stop = new AbortController();
  missing = [];
});
afterEach(() => stop.abort());

const provide = (options: Pick<FabricProgramsOptions, 'find' | 'ensure'>): Promise<FabricPrograms> =>
  provideFabricPrograms({ onProgress: () => undefined, onMissing: (message) => missing.push(message), signal: stop.signal, waits: { lookMs: 1, buildMs: 3, longestMs: 5 }, ...options });

test('programs that are there are taken as they are', async () => {
  const { folder, ready } = await provide({ find: () => Promise.resolve('/opt/fabric/bin'), ensure: () => assert.fail('nothing is built') });
  assert.equal(folder, '/opt/fabric/bin');
  assert.equal(await ready, '/opt/fabric/bin');
});

test('programs that a person puts on PATH after they were found missing are taken from there, and what was missing is said once', async () => {
  let looks = 0;
  const { folder, ready } = await provide({
    find: () => Promise.resolve(++looks < 20 ? undefined : '/usr/local/bin'),
    ensure: () => Promise.reject(new Error('Install Go')),
  });
  assert.match(folder, /guildhall\/fabric\/.*bin$/);
  assert.equal(await ready, '/usr/local/bin');
  assert.deepEqual(missing, ['Install Go']);
});

test('a build that failed is tried again, and each new reason is said', async () => {
  const failures = ['no route to host', 'no route to host', 'no space left on device'];
  const { ready } = await provide({
    find: () => Promise.resolve(undefined),
    ensure: () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('/cache/bin') : Promise.reject(new Error(failure));
    },
  });
  assert.equal(await ready, '/cache/bin');
  assert.deepEqual(missing, ['no route to host', 'no space left on device']);
});

test('the waiting ends when Guildhall does', async () => {
  const { ready } = await provide({ find: () => Promise.resolve(undefined), ensure: () => Promise.reject(new Error('Install Go')) });
  stop.abort(new Error('Guildhall ends'));
  await assert.rejects(ready);
  assert.ok(missing.length <= 1);
});
