import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
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
