import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { defaultCacheDir, ensureFabricPrograms, FabricProgramsError } from './fabric.js';

let root;
let count = 0;
before(async () => (root = await mkdtemp(join(tmpdir(), 'guildhall-programs-'))));
after(() => rm(root, { recursive: true, force: true }));

/** A folder of small shell programs; `scripts` maps name to body. */
async function folderOf(scripts) {
  const folder = join(root, `bin-${count++}`);
  await mkdir(folder);
  for (const [name, body] of Object.entries(scripts)) await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return folder;
}
const says = (version) => `echo " Version: ${version}"`;
const SYSTEM = '/usr/bin:/bin';
const newCache = () => join(root, `cache-${count++}`);

/** A go that "builds" a program which says `version`, and finds a source folder with the configuration files. */
async function goThatBuilds(version = '3.1.0') {
  const moduleDir = join(root, `module-${count++}`);
  await mkdir(join(moduleDir, 'sampleconfig'), { recursive: true });
  for (const name of ['core.yaml', 'orderer.yaml']) await writeFile(join(moduleDir, 'sampleconfig', name), '{}', { mode: 0o444 });
  const folder = await folderOf({
    go: `case "$1" in
      version) echo "go version go1.24.0 linux/amd64";;
      list) echo "${moduleDir}";;
      build) while [ "$1" != "-o" ]; do shift; done; sleep 0.2
        printf '#!/bin/sh\\necho " Version: ${version}"\\n' > "$2"; chmod 755 "$2";;
    esac`,
  });
  return { folder };
}

test('programs of version 3.1 on PATH are used as they are', async () => {
  const folder = await folderOf({ peer: says('v3.1.4'), orderer: says('3.1.4') });
  const cacheDir = newCache();
  assert.equal(await ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir }), folder);
});

test('programs of another version on PATH are named and passed over for the cache', async () => {
  const wrong = await folderOf({ peer: says('v2.5.12'), orderer: says('v2.5.12') });
  const { folder } = await goThatBuilds();
  const lines = [];
  const cacheDir = newCache();
  const binDir = await ensureFabricPrograms({
    env: { PATH: `${wrong}:${folder}:${SYSTEM}` },
    cacheDir,
    onProgress: (line) => lines.push(line),
  });
  assert.equal(binDir, join(cacheDir, 'bin'));
  assert.match(lines[0], /peer is not used: it says version 2\.5\.12, and 3\.1\.x is needed/);
});

test('what was built is found in the cache, without Go', async () => {
  const { folder } = await goThatBuilds();
  const cacheDir = newCache();
  const binDir = await ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir });
  assert.equal(await ensureFabricPrograms({ env: { PATH: SYSTEM }, cacheDir }), binDir);
  assert.deepEqual((await readdir(cacheDir)).sort(), ['bin', 'config'], 'no build folder is left');
  assert.deepEqual((await readdir(join(cacheDir, 'config'))).sort(), ['core.yaml', 'orderer.yaml']);
});

test('asking for the oracles later builds only what is missing', async () => {
  const { folder } = await goThatBuilds();
  const env = { PATH: `${folder}:${SYSTEM}` };
  const cacheDir = newCache();
  await ensureFabricPrograms({ env, cacheDir });
  const lines = [];
  await ensureFabricPrograms({ env, cacheDir, oracles: true, onProgress: (line) => lines.push(line) });
  assert.deepEqual(
    lines.filter((line) => line.includes('built in')).map((line) => line.trim().split(':')[0]),
    ['configtxgen', 'configtxlator', 'cryptogen', 'osnadmin'],
  );
});

test('two runs at once build once', async () => {
  const { folder } = await goThatBuilds();
  const env = { PATH: `${folder}:${SYSTEM}` };
  const cacheDir = newCache();
  const built = [];
  const run = () => ensureFabricPrograms({ env, cacheDir, onProgress: (line) => line.includes('built in') && built.push(line) });
  const [first, second] = await Promise.all([run(), run()]);
  assert.equal(first, second);
  assert.equal(built.length, 2, 'one peer and one orderer');
});

test('without Go the message says what to install and where the official programs are', async () => {
  const empty = await folderOf({});
  await assert.rejects(ensureFabricPrograms({ env: { PATH: empty }, cacheDir: newCache() }), (error) => {
    assert.ok(error instanceof FabricProgramsError);
    assert.match(error.message, /Go is not there to build them/);
    assert.match(error.message, /hyperledger\/fabric\/releases/);
    return true;
  });
});

test('a Go that is too old is refused before anything is built', async () => {
  const folder = await folderOf({ go: 'echo "go version go1.22.3 linux/amd64"' });
  await assert.rejects(
    ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir: newCache() }),
    /Go 1\.22 is too old .* needs Go 1\.24/,
  );
});

test('a failing build shows what go said and leaves no half-built program', async () => {
  const folder = await folderOf({
    go: 'if [ "$1" = version ]; then echo "go version go1.24.1 linux/amd64"; else echo "dial tcp: no route to host" >&2; exit 1; fi',
  });
  const cacheDir = newCache();
  await assert.rejects(
    ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir }),
    /Building Fabric's peer failed[\s\S]*no route to host[\s\S]*releases/,
  );
  assert.deepEqual(await readdir(join(cacheDir, 'bin')), []);
  assert.deepEqual(await readdir(cacheDir), ['bin']);
});

test('a cache that cannot be written is named, with what to do', async () => {
  const file = join(root, 'a-file');
  await writeFile(file, '');
  await assert.rejects(ensureFabricPrograms({ env: { PATH: SYSTEM }, cacheDir: join(file, 'cache') }), (error) => {
    assert.ok(error instanceof FabricProgramsError);
    assert.ok(error.message.includes(join(file, 'cache')) && /XDG_CACHE_HOME/.test(error.message), error.message);
    return true;
  });
});

test('a build that is no longer wanted ends, and what a killed one left is cleared away by the next', async () => {
  const folder = await folderOf({ go: 'if [ "$1" = version ]; then echo "go version go1.24.1 linux/amd64"; else exec sleep 600; fi' });
  const cacheDir = newCache();
  await mkdir(join(cacheDir, 'build-of-a-killed-run'), { recursive: true });
  const stop = new AbortController();
  const onProgress = (line) => line.startsWith('Building') && setTimeout(() => stop.abort(), 20);
  await assert.rejects(ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir, signal: stop.signal, onProgress }), { name: 'AbortError' });
  assert.deepEqual(await readdir(cacheDir), ['bin']);
});

test('a program in the cache that does not run here is built again', async () => {
  const { folder } = await goThatBuilds();
  const cacheDir = newCache();
  await mkdir(join(cacheDir, 'bin'), { recursive: true });
  await writeFile(join(cacheDir, 'bin', 'peer'), 'not a program for this machine', { mode: 0o755 });
  const lines = [];
  await ensureFabricPrograms({ env: { PATH: `${folder}:${SYSTEM}` }, cacheDir, onProgress: (line) => lines.push(line) });
  assert.ok(lines.some((line) => /peer: built in/.test(line)));
});

test('the cache follows XDG_CACHE_HOME, else the home folder', () => {
  assert.equal(defaultCacheDir({ XDG_CACHE_HOME: '/x', HOME: '/h' }), '/x/guildhall/fabric/3.1.0');
  assert.equal(defaultCacheDir({ HOME: '/h' }), '/h/.cache/guildhall/fabric/3.1.0');
});
