import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { runnablePrograms, type PostgresPrograms } from './programs.ts';

let root: string;
let shipped: PostgresPrograms;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-programs-'));
  chmodSync(root, 0o755);
  const native = join(root, 'closed/package/native');
  mkdirSync(join(native, 'bin'), { recursive: true, mode: 0o700 });
  mkdirSync(join(native, 'lib'), { mode: 0o700 });
  // Runs only beside what it needs.
  for (const name of ['initdb', 'postgres']) writeFileSync(join(native, 'bin', name), '#!/bin/sh\ncat "$(dirname "$0")/../lib/link" >/dev/null\n', { mode: 0o700 });
  writeFileSync(join(native, 'lib/library'), '', { mode: 0o600 });
  symlinkSync('library', join(native, 'lib/link'));
  writeFileSync(join(root, 'closed/package/package.json'), '{"version":"18.4.0"}');
  chmodSync(join(root, 'closed'), 0o700);
  shipped = { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };

test('for the account that runs Guildhall the programs are used where they are', async () => {
  assert.equal(await runnablePrograms(shipped, undefined, root), shipped);
});

test('programs that the account of PostgreSQL cannot reach are copied to where it can, once', { skip: process.getuid?.() === 0 ? false : 'only root gives PostgreSQL another account' }, async () => {
  const beside = join(root, 'beside');
  mkdirSync(beside);
  const programs = await runnablePrograms(shipped, nobody, beside);
  assert.deepEqual(programs, { initdb: join(beside, 'postgresql-18.4.0/bin/initdb'), postgres: join(beside, 'postgresql-18.4.0/bin/postgres') });
  assert.equal(statSync(join(beside, 'postgresql-18.4.0/lib/library')).mode & 0o777, 0o644);
  const { ino } = statSync(programs.postgres);
  await runnablePrograms(shipped, nobody, beside);
  assert.equal(statSync(programs.postgres).ino, ino, 'not copied again');
  rmSync(join(beside, 'postgresql-18.4.0/lib'), { recursive: true });
  await runnablePrograms(shipped, nobody, beside);
  assert.deepEqual(readdirSync(join(beside, 'postgresql-18.4.0')), ['bin', 'lib'], 'a copy that does not run is made again');
  assert.deepEqual(readdirSync(beside), ['postgresql-18.4.0'], 'nothing half-made is left');
});
