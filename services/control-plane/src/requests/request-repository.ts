import type { Connection } from '../database/database.ts';
import type { RequestRow } from '../database/schema.ts';

/** A request that is no operation, under the key of who sent it. */
export const findRequest = (db: Connection, actor: string, idempotencyKey: string): Promise<RequestRow | undefined> =>
  db.selectFrom('requests').selectAll().where('actor', '=', actor).where('idempotency_key', '=', idempotencyKey).executeTakeFirst();

export const insertRequest = (tx: Connection, request: { actor: string; idempotencyKey: string; inputDigest: string }): Promise<RequestRow> =>
  tx
    .insertInto('requests')
    .values({ actor: request.actor, idempotency_key: request.idempotencyKey, input_digest: request.inputDigest })
    .returningAll()
    .executeTakeFirstOrThrow();
