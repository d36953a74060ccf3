import { sql } from 'kysely';
import type { Connection } from '../database/database.ts';
import type { LogRow } from '../database/schema.ts';

/** Of one operation. One that waits for days and hears of every change would fill the disk otherwise. */
export const maxLogEntries = 1000;
const maxMessageLength = 2000;

/** Adds an entry unless it says what the last one says, and lets the oldest go when there are too many. */
export async function appendLog(tx: Connection, operationId: string, step: string | null, message: string): Promise<void> {
  const text = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
  await sql`
    with entry as (
      insert into operation_log (operation_id, step, message)
      select ${operationId}::uuid, ${step}::text, ${text}::text
      where ${text}::text is distinct from
        (select message from operation_log where operation_id = ${operationId}::uuid order by id desc limit 1)
      returning id
    )
    delete from operation_log
    where exists (select from entry) and operation_id = ${operationId}::uuid
      and id <= (select id from operation_log where operation_id = ${operationId}::uuid order by id desc offset ${maxLogEntries - 1} limit 1)
  `.execute(tx);
}

export interface LogPage {
  operationId: string;
  /** The id of the last entry that is known; "0": none. */
  after: string;
  limit: number;
}

/** The pages of several operations in one query. */
export async function logPages(db: Connection, pages: readonly LogPage[]): Promise<LogRow[][]> {
  const { rows } = await sql<LogRow & { page: string }>`
    select wanted.page, entry.* from unnest(
      ${pages.map((page) => page.operationId)}::uuid[], ${pages.map((page) => page.after)}::bigint[], ${pages.map((page) => page.limit)}::int[]
    ) with ordinality as wanted (operation_id, after, size, page)
    cross join lateral (
      select * from operation_log where operation_id = wanted.operation_id and id > wanted.after order by id limit wanted.size
    ) as entry
    order by wanted.page, entry.id`.execute(db);
  return pages.map((_, index) => rows.filter((row) => Number(row.page) === index + 1));
}
