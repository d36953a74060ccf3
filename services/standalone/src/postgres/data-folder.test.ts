import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { dataFolder } from './data-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-data-'));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** PostgreSQL as another account; the one of this test, so that it may give folders away without being root. */
const account = { name: 'database', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

const homeIn = (parent: string): string => {
  const home = join(parent, 'home');
  mkdirSync(home, { mode: 0o700 });
  return home;
};

test('for the account that runs Guildhall the data is in the home, which stays closed', async () => {
  const home = homeIn(root);
  assert.deepEqual(await dataFolder(home, undefined), { folder: join(home, 'postgres'), elsewhere: false });
  assert.equal(statSync(home).mode & 0o777, 0o700);
  assert.equal(statSync(join(home, 'postgres')).mode & 0o777, 0o700);
});

test('another account may pass through the home, and see nothing of it', async () => {
  const home = homeIn(root);
  assert.deepEqual(await dataFolder(home, account), { folder: join(home, 'postgres'), elsewhere: false });
  assert.equal(statSync(home).mode & 0o777, 0o711);
});

test('an account that cannot get to the home has the data elsewhere, under a name that follows from the home', async () => {
  chmodSync(root, 0o750);
  const home = homeIn(root);
  const outside = join(root, 'outside');
  const { folder, elsewhere } = await dataFolder(home, account, outside);
  assert.equal(elsewhere, true);
  assert.ok(folder.startsWith(`${outside}/`) && statSync(folder).isDirectory());
  assert.equal((await dataFolder(home, account, outside)).folder, folder);
  assert.equal(statSync(home).mode & 0o777, 0o700, 'the home stays closed');
});
