import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Pool } from 'pg';
import { pino } from 'pino';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres.ts';
import { DatabaseTooNewError, migrate } from '../src/database/migrate.ts';
import { migrations } from '../src/database/migrations.ts';

const logger = pino({ level: 'silent' });
const names = Object.keys(migrations);

let postgres: PostgresServer;
let pool: Pool;
before(async () => {
  postgres = await startPostgres();
  pool = new Pool({ connectionString: postgres.url, max: 4 });
});
after(async () => {
  await pool.end();
  await postgres.stop();
});

const recorded = async (): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>('select name from control_plane.kysely_migration order by name');
  return rows.map(({ name }) => name);
};
/** As Kysely takes it while it migrates. */
const migrationLock = '3853314791062309107';
const waiting = async (): Promise<number> => {
  const { rows } = await pool.query(`select from pg_locks where locktype = 'advisory' and not granted`);
  return rows.length;
};
const settled = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await delay(10);
};

test('of many that start at once with an empty database each finds it up to date, and each migration was made once', async () => {
  await Promise.all(Array.from({ length: 6 }, () => migrate(postgres.url, logger)));
  assert.deepEqual(await recorded(), names);
});

test('while one migrates the others wait, and an end of the one lets the next go on from where the database stands', async () => {
  await pool.query('drop schema control_plane cascade');
  const one = new Client({ connectionString: postgres.url });
  one.on('error', () => undefined);
  await one.connect();
  await one.query(`select pg_advisory_lock(${migrationLock})`);
  let done = 0;
  const others = [1, 2].map(() => migrate(postgres.url, logger).then(() => (done += 1)));
  await settled(async () => (await waiting()) === 2);
  assert.equal(done, 0);
  const { rows } = await pool.query(`select from pg_tables where schemaname = 'control_plane' and tablename = 'operations'`);
  assert.equal(rows.length, 0, 'nobody has begun');
  // As of a process that is killed: its connection ends, and with it the lock.
  await pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`);
  await Promise.all(others);
  assert.deepEqual(await recorded(), names);
});

test('a migration that fails leaves nothing of itself behind', async () => {
  await pool.query('drop schema control_plane cascade');
  // In the way of a late migration's table.
  await pool.query('create schema control_plane; create table control_plane.contract_sources (in_the_way text)');
  await assert.rejects(migrate(postgres.url, logger), /contract_sources/);
  assert.deepEqual(await recorded(), []);
  const { rows } = await pool.query<{ tablename: string }>(`select tablename from pg_tables where schemaname = 'control_plane' and tablename not like 'kysely%'`);
  assert.deepEqual(rows.map(({ tablename }) => tablename), ['contract_sources']);
  await pool.query('drop table control_plane.contract_sources');
  await migrate(postgres.url, logger);
  assert.deepEqual(await recorded(), names);
});

test('a schema that is newer than the program is refused in words, and left as it is', async () => {
  await pool.query(`insert into control_plane.kysely_migration (name, timestamp) values ('9999-tomorrow', '2999-01-01T00:00:00.000Z')`);
  await assert.rejects(migrate(postgres.url, logger), (error) => {
    assert.ok(error instanceof DatabaseTooNewError);
    assert.match(error.message, /up to 9999-tomorrow by a newer Guildhall/);
    assert.ok(error.message.includes(`knows it up to ${names.at(-1)} only: run that version or a newer one, or restore the backup`), error.message);
    return true;
  });
  assert.deepEqual(await recorded(), [...names, '9999-tomorrow']);
});
