import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { adminTokenFile, ensureAdminToken } from './admin-token-file.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'guildhall-token-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What the database would know. */
function tokens(): { issued: string[]; hasAdminToken(): Promise<boolean>; issueAdminToken(): Promise<string> } {
  const issued: string[] = [];
  return {
    issued,
    hasAdminToken: () => Promise.resolve(issued.length > 0),
    issueAdminToken: () => {
      issued.push(`token-${issued.length + 1}`);
      return Promise.resolve(issued.at(-1) ?? '');
    },
  };
}

test('the first start writes the token down for its owner; later ones leave it, also when its file was removed', async () => {
  const database = tokens();
  await ensureAdminToken(home, database);
  assert.equal(readFileSync(adminTokenFile(home), 'utf8'), 'token-1\n');
  assert.equal(statSync(adminTokenFile(home)).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(home), ['admin-token']);
  rmSync(adminTokenFile(home));
  await ensureAdminToken(home, database);
  assert.deepEqual(database.issued, ['token-1']);
  assert.deepEqual(readdirSync(home), []);
});

test('a token that was made and not written down, because the start was killed in between, is made again', async () => {
  const database = tokens();
  const killed = { ...database, issueAdminToken: async () => Promise.reject(new Error(`killed after ${await database.issueAdminToken()}`)) };
  await assert.rejects(ensureAdminToken(home, killed), /killed after token-1/);
  await ensureAdminToken(home, database);
  assert.equal(readFileSync(adminTokenFile(home), 'utf8'), 'token-2\n');
  await ensureAdminToken(home, database);
  assert.deepEqual(database.issued, ['token-1', 'token-2']);
});
