import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readDatabases } from './databases.ts';

describe('the databases that a server is told of', () => {
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'guildhall-databases-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const having = (name: string, files: Readonly<Record<string, string>>): string => {
    const path = join(folder, name);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  };

  test('are the files of a folder, but for what a mounted Secret hides there', async () => {
    const path = having('good', { control_plane: 'a-long-password-1\n', certificate_authority: 'a-long-password-2' });
    mkdirSync(join(path, '..data'));
    assert.deepEqual(await readDatabases(path), [{ name: 'certificate_authority', password: 'a-long-password-2' }, { name: 'control_plane', password: 'a-long-password-1' }]);
  });

  test('have a name of their own and a long password, and no password is told', async () => {
    for (const [index, name] of ['Control', 'a-b', 'postgres', 'guildhall', 'pg_x', 'template1'].entries())
      await assert.rejects(readDatabases(having(`name-${index}`, { [name]: 'a-long-password-1' })), /is no name for a database/, name);
    await assert.rejects(readDatabases(having('short', { control_plane: 's3cret' })), (error: Error) => /fewer than 16 characters/.test(error.message) && !error.message.includes('s3cret'));
  });
});
