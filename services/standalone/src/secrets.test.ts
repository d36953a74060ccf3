import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openSecrets } from './secrets.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'guildhall-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('secrets are made once for each home, all different, for the owner only', async () => {
  const first = await openSecrets(home);
  assert.deepEqual(await openSecrets(home), first);
  const all = [...Object.values(first.database), ...Object.values(first.cluster)];
  assert.equal(new Set(all).size, all.length);
  assert.equal(statSync(join(home, 'secrets.json')).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(home), ['secrets.json'], 'nothing half-written is left');
});

test('damaged secrets are refused, not replaced, and not shown', async () => {
  const { database } = await openSecrets(home);
  const file = join(home, 'secrets.json');
  for (const damaged of [readFileSync(file, 'utf8').slice(0, -20), JSON.stringify({ database })]) {
    writeFileSync(file, damaged);
    await assert.rejects(openSecrets(home), (error) => {
      assert.ok(error instanceof Error && error.message.includes(file) && /backup/.test(error.message), String(error));
      for (const secret of Object.values(database)) assert.ok(!String(error.stack).includes(secret) && !String(error.cause).includes(secret));
      return true;
    });
    assert.equal(readFileSync(file, 'utf8'), damaged);
  }
});
