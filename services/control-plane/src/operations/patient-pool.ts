import { setTimeout as delay } from 'node:timers/promises';
import type { PgPool } from 'bullmq';
import type { Pool } from 'pg';
import { retryMs } from '../availability.ts';

async function patiently<T>(task: Promise<T>): Promise<T> {
  try {
    return await task;
  } catch (error) {
    await delay(retryMs);
    throw error;
  }
}

/**
 * A pool as BullMQ uses it. Its worker asks again at once after every error but a refused connection, so while a database
 * shuts down or starts up, or has lost the queue's tables, it would do nothing else; here every failure takes a while.
 */
export function patientPool(pool: Pool): PgPool {
  const patient: PgPool = Object.create(pool);
  return Object.assign(patient, {
    connect: () => patiently(pool.connect()),
    query: (text: string, parameters?: unknown[]) => patiently(pool.query(text, parameters)),
  });
}
