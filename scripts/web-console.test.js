import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { buildConsole, ConsoleBuildError } from './web-console.js';

let sources;
let lock;
let builds;
beforeEach(() => {
  sources = mkdtempSync(join(tmpdir(), 'guildhall-web-console-'));
  mkdirSync(join(sources, 'src', 'home'), { recursive: true });
  lock = join(sources, '.lock.json');
  writeFileSync(lock, '{}');
  writeFileSync(join(sources, 'package.json'), '{}');
  writeFileSync(join(sources, 'src', 'home', 'home.tsx'), 'one');
  builds = 0;
});
afterEach(() => rmSync(sources, { recursive: true, force: true }));

/** As the real one does: empties the folder first. */
async function build() {
  builds += 1;
  const dist = join(sources, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(join(dist, 'index.html'), readFileSync(join(sources, 'src', 'home', 'home.tsx')));
}
const read = async (folder) => readFileSync(join(folder, 'index.html'), 'utf8');
const ensure = (options = {}) => buildConsole(read, { sources, more: [lock], build, ...options });

test('it is built once, and again when a source or a dependency is another', async () => {
  const told = [];
  assert.equal(await ensure({ onProgress: (line) => told.push(line) }), 'one');
  assert.match(told.join('\n'), /^Building the console .*\n {2}the console was built in \d+ s$/);
  assert.equal(await ensure({ onProgress: assert.fail }), 'one');
  assert.equal(builds, 1);
  writeFileSync(join(sources, 'src', 'home', 'home.tsx'), 'two');
  assert.equal(await ensure(), 'two');
  writeFileSync(lock, '{"other":1}');
  await ensure();
  writeFileSync(join(sources, 'src', 'home', 'more.ts'), '');
  await ensure();
  rmSync(join(sources, 'src', 'home', 'more.ts'));
  await ensure();
  assert.equal(builds, 5);
});

test('of several at once one builds', async () => {
  assert.deepEqual(await Promise.all([ensure(), ensure(), ensure()]), ['one', 'one', 'one']);
  assert.equal(builds, 1);
});

test('one that failed or was made by hand is not taken for a whole one', async () => {
  const failed = ensure({ build: () => Promise.reject(new ConsoleBuildError('no space')) });
  await assert.rejects(failed, /no space/);
  assert.equal(await ensure(), 'one');
  await build();
  assert.equal(await ensure(), 'one');
  assert.equal(builds, 3);
});

test('a copy without the console has none', async () => {
  assert.equal(await buildConsole(read, { sources: join(sources, 'nowhere'), build: assert.fail }), undefined);
});
