import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { startPostgres } from './postgres.ts';

test('two servers run side by side, and stop takes the process away', async () => {
  const [one, two] = await Promise.all([startPostgres(), startPostgres()]);
  assert.notEqual(one.url, two.url);
  const client = new Client({ connectionString: one.url });
  await client.connect();
  const { rows } = await client.query<{ answer: number }>('select 6 * 7 as answer');
  assert.equal(rows[0]?.answer, 42);
  await client.end();
  await Promise.all([one.stop(), two.stop()]);
  assert.equal(existsSync(`/proc/${one.pid}`), false);
  assert.equal(existsSync(`/proc/${two.pid}`), false);
});

test('an outage ends with the same data at the same place', async () => {
  const server = await startPostgres();
  const ask = async (text: string) => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  await ask('create table kept as select 42 as answer');
  await server.halt();
  await assert.rejects(ask('select 1'), { code: 'ECONNREFUSED' });
  await server.resume();
  assert.deepEqual(await ask('select answer from kept'), [{ answer: 42 }]);
  await server.stop();
});

test('a run that ends without stopping it leaves neither process nor folder', () => {
  const script = `import { startPostgres } from ${JSON.stringify(import.meta.resolve('./postgres.ts'))}; console.log((await startPostgres()).pid); process.exit(3)`;
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-abandoned-'));
  chmodSync(folder, 0o755);
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });
  assert.equal(run.status, 3, run.stderr);
  assert.deepEqual(readdirSync(folder), []);
  rmSync(folder, { recursive: true });
});
