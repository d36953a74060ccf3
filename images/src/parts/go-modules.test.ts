import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { goModules, readModules } from './go-modules.ts';

test('a module that was replaced is the one it was replaced by', () => {
  const table = 'path\texample.org/cmd\nmod\texample.org\tv1.0.0\t\ndep\texample.org/old\tv0.1.0\th1:x=\n=>\texample.org/new\tv0.2.0+incompatible\th1:y=\nbuild\t-trimpath\ttrue\n';
  assert.deepEqual(readModules(table).map(({ purl }) => purl), ['pkg:golang/example.org@v1.0.0', 'pkg:golang/example.org/new@v0.2.0%2Bincompatible']);
});

test('a program that says nothing of modules is refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'guildhall-go-'));
  const program = join(folder.path, 'program');
  // The magic number alone, where a program that reads it has it among its constants.
  writeFileSync(program, Buffer.concat([Buffer.alloc(7), Buffer.from('\xff Go buildinf:', 'latin1'), Buffer.alloc(64)]));
  await assert.rejects(goModules(program), /does not say what Go modules/);
});
