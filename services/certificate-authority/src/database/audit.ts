import type { Transaction } from './database.ts';
import type { AuditAction, AuditOutcome } from './schema.ts';

export interface AuditEntry {
  readonly at: Date;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  readonly memberUid?: string;
  readonly requestUid?: string;
  readonly details: Readonly<Record<string, string | number | string[]>>;
}

/**
 * Written in the transaction of what it tells about: what cannot be recorded does not happen. A denial is told once, however often the
 * request is denied; that something was done twice for one request is refused.
 */
export async function recordAudit(transaction: Transaction, ...entries: AuditEntry[]): Promise<void> {
  const insertion = transaction.insertInto('audit').values(
    entries.map((entry) => ({
      at: entry.at,
      action: entry.action,
      outcome: entry.outcome,
      member_uid: entry.memberUid ?? null,
      request_uid: entry.requestUid ?? null,
      details: JSON.stringify(entry.details),
    })),
  );
  const told = entries.every(({ outcome }) => outcome === 'done')
    ? insertion
    : insertion.onConflict((conflict) => conflict.columns(['request_uid', 'outcome']).where('request_uid', 'is not', null).doNothing());
  await told.execute();
}
