import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { open, seal } from './envelope.ts';
import { openKeyFile } from './key-encryption-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'guildhall-custody-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const place = { member: 'a', table: 'credentials', row: 'admin', column: 'sealed_key', version: 1 };

test('a sealed value opens only in its own place, with its own key, unchanged', () => {
  const key = randomBytes(32);
  const secret = Buffer.from('secret');
  const sealed = seal(key, secret, place);
  assert.deepEqual(open(key, sealed, place), secret);
  assert(!Buffer.from(sealed).includes(secret));
  const refused = { code: 'SEALED_VALUE_UNREADABLE' };
  for (const elsewhere of [{ member: 'b' }, { table: 'members' }, { row: 'tls-root' }, { column: 'other' }, { version: 2 }]) {
    assert.throws(() => open(key, sealed, { ...place, ...elsewhere }), refused);
  }
  assert.throws(() => open(randomBytes(32), sealed, place), refused);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Uint8Array.from(sealed);
    changed[at] = changed[at]! ^ 1;
    assert.throws(() => open(key, changed, place), refused, `byte ${at}`);
  }
  for (let length = 0; length < sealed.length; length++) assert.throws(() => open(key, sealed.subarray(0, length), place), refused);
  assert.notDeepEqual(seal(key, secret, place), sealed, 'a nonce is never used twice');
});

test('the key file is made once, for its owner only, and found again', async () => {
  const path = join(folder, 'keys', 'key');
  const first = await openKeyFile(path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(path).length, 32);
  const second = await openKeyFile(path);
  assert.equal(second.id, first.id);
  const dataKey = randomBytes(32);
  assert.deepEqual(await second.unwrap(await first.wrap(dataKey, place), place), dataKey);
  assert.notEqual((await openKeyFile(join(folder, 'another'))).id, first.id);
});

test('of several processes that make the key file at once all have the same key, and nothing else is left', async () => {
  const path = join(folder, 'race', 'key');
  const keys = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(path)));
  assert.equal(new Set(keys.map(({ id }) => id)).size, 1);
  assert.deepEqual(readdirSync(join(folder, 'race')), ['key']);
});

test('a process that is killed while it makes the key file leaves none under its name, and the next one makes it', () => {
  const path = join(folder, 'killed', 'key');
  const script = (exit: string): string =>
    `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
     ${exit}
     syncBuiltinESMExports();
     const { openKeyFile } = await import(${JSON.stringify(new URL('key-encryption-key.ts', import.meta.url).href)});
     await openKeyFile(${JSON.stringify(path)});`;
  const run = (exit: string): number | null => spawnSync(process.execPath, ['--input-type=module', '-e', script(exit)]).status;
  // Dies between the first byte and the name: on link, the content is there; on write, the file is empty.
  assert.equal(run(`fs.link = () => process.exit(7);`), 7);
  assert.equal(
    run(`const { open } = fs;
      fs.open = async (...args) => { const file = await open(...args); file.writeFile = () => process.exit(8); return file; };`),
    8,
  );
  assert.throws(() => statSync(path), { code: 'ENOENT' });
  assert.equal(run(''), 0);
  assert.equal(statSync(path).size, 32);
});

test('a key file that others can read, or that is damaged, is refused without showing it', async () => {
  const path = join(folder, 'open-key');
  await openKeyFile(path);
  chmodSync(path, 0o644);
  await assert.rejects(openKeyFile(path), { code: 'KEY_ENCRYPTION_KEY_UNUSABLE', message: /chmod 600/ });
  chmodSync(path, 0o600);
  writeFileSync(path, 'canary');
  await assert.rejects(openKeyFile(path), (error: Error) => !error.message.includes('canary') && error.message.includes('6 bytes'));
});
