import { setTimeout as delay } from 'node:timers/promises';
import { Client, type QueryConfig } from 'pg';
import { textOfStored, without, type Json, type JsonObject } from '../json.ts';
import type { Sealer } from './seal.ts';
import { JournalForked, type Batch, type Change, type Journal, type Snapshot } from './store.ts';

export interface PostgresJournalOptions {
  /** Asked at every connection. */
  connectionUrl: () => string;
  sealer: Sealer;
}

/** Another session works on these tables; it may be one of this process that has not ended yet. */
export class JournalInUse extends Error {
  constructor() {
    super('another process works on the database of this local cluster, or an earlier session has not ended yet');
    this.name = 'JournalInUse';
  }
}

/** An answer that takes longer counts as none: reads go on meanwhile, writes are told to come again. */
const answerWithinMs = 5_000;
const connectWithinMs = 3_000;
/** Everything there is takes longer to read than a change to write. */
const loadWithinMs = 60_000;
/** A database that hangs does not say goodbye; the end of the process is the end of the session too. */
const goodbyeMs = 1_000;

/*
 * json rather than jsonb: it keeps objects as they were written, with the order of their fields and characters that jsonb
 * refuses (\u0000). Nobody searches in them.
 */
const schema = `
  create table if not exists local_cluster_object (
    resource text not null, namespace text not null, name text not null, object json not null, sealed bytea,
    primary key (resource, namespace, name));
  create table if not exists local_cluster_revision (id boolean primary key default true check (id), value bigint not null);
  insert into local_cluster_revision (value) values (0) on conflict do nothing;`;

/** One statement, so one round trip; the fence keeps a second writer out. */
const appendStatement = `
  with fence as (update local_cluster_revision set value = $2 where value = $1 returning 1),
  gone as (
    delete from local_cluster_object o using unnest($3::text[], $4::text[], $5::text[]) as k (resource, namespace, name)
    where o.resource = k.resource and o.namespace = k.namespace and o.name = k.name and exists (select from fence)),
  put as (
    insert into local_cluster_object (resource, namespace, name, object, sealed)
    select * from unnest($6::text[], $7::text[], $8::text[], $9::json[], $10::bytea[]) where exists (select from fence)
    on conflict (resource, namespace, name) do update set object = excluded.object, sealed = excluded.sealed)
  select count(*)::int as written from fence`;

const placeOf = ({ resource, namespace, name }: Pick<Change, 'resource' | 'namespace' | 'name'>): string => `${resource}|${namespace}/${name}`;
/** Fields of these resources that are secret. */
const secretFields: Readonly<Record<string, string>> = { secrets: 'data' };

interface Connection {
  client: Client;
  ready: Promise<void>;
}

/**
 * The lock lasts as long as the session: while it is held, no earlier session, of this process or another, can still be
 * about to write.
 */
async function prepare(client: Client): Promise<void> {
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(hashtext('guildhall_local_cluster')) as held");
  if (rows[0]?.held !== true) throw new JournalInUse();
  await client.query(schema);
}

interface Row {
  resource: string;
  namespace: string;
  name: string;
  object: JsonObject;
  sealed: Buffer | null;
}

/** Changes kept in PostgreSQL over one connection, which is made again when it is lost. */
export function createPostgresJournal({ connectionUrl, sealer }: PostgresJournalOptions): Journal & { close(): Promise<void> } {
  let current: Connection | undefined;

  function drop(it: Connection): void {
    if (current === it) current = undefined;
    // What it would still say is of no interest: the next write finds out on a connection of its own.
    it.client.end().catch(() => undefined);
  }

  function connect(): Connection {
    if (current) return current;
    const client = new Client({
      connectionString: connectionUrl(),
      connectionTimeoutMillis: connectWithinMs,
      query_timeout: answerWithinMs,
      keepAlive: true,
      application_name: 'guildhall-local-cluster',
    });
    const it: Connection = { client, ready: prepare(client) };
    client.on('error', () => drop(it));
    client.on('end', () => drop(it));
    return (current = it);
  }

  async function query<T extends object>(config: QueryConfig & { query_timeout?: number }): Promise<T[]> {
    const it = connect();
    try {
      await it.ready;
      return (await it.client.query<T>(config)).rows;
    } catch (error) {
      drop(it); // a new connection has no half-done work on it
      throw error;
    }
  }

  async function revision(): Promise<number> {
    const [row] = await query<{ value: string }>({ text: 'select value from local_cluster_revision' });
    if (!row) throw new Error('the table local_cluster_revision is empty: it must have one row');
    return Number(row.value);
  }

  function rowOf({ resource, namespace, name }: Change, object: JsonObject): Row {
    const field = secretFields[resource];
    const secret = field === undefined ? undefined : object[field];
    if (field === undefined || secret === undefined) return { resource, namespace, name, object, sealed: null };
    const sealed = Buffer.from(sealer.seal(JSON.stringify(secret), placeOf({ resource, namespace, name })));
    return { resource, namespace, name, object: without(object, field), sealed };
  }

  function objectOf(row: Row): JsonObject {
    const field = secretFields[row.resource];
    if (field === undefined || row.sealed === null) return row.object;
    const value = JSON.parse(sealer.unseal(row.sealed, placeOf(row))) as Json;
    return { ...row.object, [field]: value };
  }

  return {
    revision,
    async load(): Promise<Snapshot> {
      const [row] = await query<{ revision: string; rows: Row[] | null }>({
        // In one statement, so at one moment.
        text: `select (select value from local_cluster_revision) as revision,
          (select json_agg(json_build_object('resource', resource, 'namespace', namespace, 'name', name, 'object', object, 'sealed', encode(sealed, 'base64')))
           from local_cluster_object) as rows`,
        query_timeout: loadWithinMs,
      });
      const rows = (row?.rows ?? []).map((each) => ({ ...each, sealed: each.sealed === null ? null : Buffer.from(String(each.sealed), 'base64') }));
      return {
        revision: Number(row?.revision),
        objects: rows.map((each) => ({ resource: each.resource, namespace: each.namespace, name: each.name, object: objectOf(each) })),
      };
    },
    async append({ from, to, changes }: Batch) {
      const last = new Map(changes.map((change) => [placeOf(change), change]));
      const gone = [...last.values()].filter(({ object }) => object === undefined);
      const put = [...last.values()].flatMap((change) => (change.object ? [rowOf(change, change.object)] : []));
      const places = (rows: Pick<Row, 'resource' | 'namespace' | 'name'>[]): string[][] =>
        (['resource', 'namespace', 'name'] as const).map((column) => rows.map((each) => each[column]));
      const objects = [put.map((each) => textOfStored(each.object)), put.map((each) => each.sealed)];
      const [row] = await query<{ written: number }>({
        name: 'append', text: appendStatement, values: [from, to, ...places(gone), ...places(put), ...objects],
      });
      if (row?.written !== 1) throw new JournalForked(from, await revision());
    },
    async close() {
      const client = current?.client;
      current = undefined;
      if (client) await Promise.race([client.end(), delay(goodbyeMs, undefined, { ref: false })]);
    },
  };
}
