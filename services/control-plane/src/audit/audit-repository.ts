import type { Connection } from '../database/database.ts';

export interface AuditRecord {
  actor: string;
  /** What was done: a mutation's name, or consent. */
  action: string;
  target: string;
  /** The member in whose name the actor acted. */
  delegatedFor?: string;
  operationId?: string;
  /** Never a secret, never contract arguments. */
  details: Record<string, unknown>;
}

/** To be called in the transaction of what it records: what cannot be recorded does not happen. */
export async function recordAudit(tx: Connection, records: readonly AuditRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx
    .insertInto('audit')
    .values(
      records.map((record) => ({
        actor: record.actor,
        action: record.action,
        target: record.target,
        delegated_for: record.delegatedFor ?? null,
        operation_id: record.operationId ?? null,
        details: JSON.stringify(record.details),
      })),
    )
    .execute();
}

export const listAudit = (db: Connection, options: { target?: string | undefined; beforeId?: string | undefined; limit: number }) =>
  db
    .selectFrom('audit')
    .selectAll()
    .$if(options.target !== undefined, (query) => query.where('target', '=', options.target ?? ''))
    .$if(options.beforeId !== undefined, (query) => query.where('id', '<', options.beforeId ?? ''))
    .orderBy('id', 'desc')
    .limit(options.limit)
    .execute();
