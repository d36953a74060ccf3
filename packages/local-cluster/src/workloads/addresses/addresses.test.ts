import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { tryMachineLock } from './machine-lock.ts';
import { claimNetwork } from './network.ts';
import { createAddressPool } from './pool.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-addresses-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const claim = (name: string) => claimNetwork({ home: join(folder, name), registry: join(folder, 'registry') });

test('clusters that start at once get networks of their own, and keep them', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `home-${index}`);
  const claims = await Promise.all(names.map(claim));
  assert.equal(new Set(claims.map((it) => it.network)).size, names.length);
  assert.deepEqual(await Promise.all(names.map(claim)), claims);
});

test('a network is free again when its home is gone, and follows a home that moves', async () => {
  const first = await claim('first');
  const second = await claim('second');
  renameSync(join(folder, 'second'), join(folder, 'moved'));
  assert.deepEqual(await claim('moved'), second);
  rmSync(join(folder, 'first'), { recursive: true });
  assert.equal((await claim('third')).network, first.network);
});

test('a copy of a home does not get the addresses of the original', async () => {
  await claim('original');
  cpSync(join(folder, 'original'), join(folder, 'copy'), { recursive: true });
  await assert.rejects(claim('copy'), { code: 'NETWORK_TAKEN', message: new RegExp(join(folder, 'original')) });
});

test('a reservation that was lost is made again from the home', async () => {
  const own = await claim('home');
  rmSync(join(folder, 'registry'), { recursive: true });
  assert.deepEqual(await claim('home'), own);
  assert.notEqual((await claim('other')).network, own.network);
});

test('what a power cut left of a reservation reserves nothing; what it left of a home is said, and given to nobody else', async () => {
  const probe = await claim('probe');
  rmSync(join(folder, 'probe'), { recursive: true });
  writeFileSync(join(folder, 'registry', `${probe.network}.json`), '{"home":');
  const first = await claim('first');
  assert.equal(first.network, probe.network);
  writeFileSync(join(folder, 'first', 'cluster.json'), '');
  await assert.rejects(claim('first'), { code: 'START_FAILED', message: /first\/cluster\.json is damaged.*restore it/ });
  assert.notEqual((await claim('third')).network, first.network);
});

test('a network in which somebody else listens is passed over', async () => {
  const probe = await claim('probe');
  rmSync(join(folder, 'probe'), { recursive: true });
  const server = createServer().listen(0, `127.${probe.network}.9.9`);
  await once(server, 'listening');
  assert.notEqual((await claim('home')).network, probe.network);
  server.close();
});

test('a machine-wide lock is taken once, and goes when its holder is killed', async () => {
  const name = `test-${folder}`;
  const module = join(import.meta.dirname, 'machine-lock.ts');
  const holder = spawn(process.execPath, ['--input-type=module', '-e', `
    const { tryMachineLock } = await import(${JSON.stringify(module)});
    await tryMachineLock(${JSON.stringify(name)});
    (await import('node:fs')).writeFileSync(${JSON.stringify(join(folder, 'held'))}, '');
    setInterval(() => {}, 1000);
  `]);
  while (!existsSync(join(folder, 'held'))) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await tryMachineLock(name), undefined);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = await tryMachineLock(name);
  assert.ok(lock);
  await lock.release();
});

test('addresses come one after the other, are not given twice, and rest after use', () => {
  const pool = createAddressPool(7);
  const used = new Set<string>();
  for (let count = 0; count < 300; count++) used.add(pool.forService(used));
  assert.equal(used.size, 300);
  assert.ok(used.has('127.7.0.1') && used.has('127.7.0.254') && used.has('127.7.1.1'));
  assert.ok(!used.has('127.7.0.255') && !used.has('127.7.1.0'));
  used.delete('127.7.0.5');
  assert.equal(pool.forService(used), '127.7.1.47');
  assert.equal(pool.forPod(used), '127.7.240.1');
  // After a restart the pool knows only what is in use.
  assert.equal(createAddressPool(7).forService(used), '127.7.1.47');
});

test('a pool without a free address says so', () => {
  const pool = createAddressPool(7);
  const used = new Set<string>();
  for (let count = 0; count < 15 * 254; count++) used.add(pool.forPod(used));
  assert.throws(() => pool.forPod(used), { code: 'NO_ADDRESS_FREE' });
  used.delete('127.7.241.7');
  assert.equal(pool.forPod(used), '127.7.241.7');
});
