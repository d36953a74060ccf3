import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guildhall/kubernetes';
import { readPrivate, type Settings } from '../config.ts';
import { LocalClusterError } from '../errors.ts';
import { keepFile } from '../workloads/files.ts';
import { createStore } from './create-store.ts';
import { createPostgresJournal, JournalInUse } from './journal.ts';
import { createSealer } from './seal.ts';
import type { Store } from './store.ts';

const betweenAttemptsMs = 200;

/**
 * The store of a process: objects in memory, kept in PostgreSQL, Secrets sealed with the key of the settings. Waits until
 * the database answers, for as long as that takes.
 */
export async function openPostgresStore(
  settings: Pick<Settings, 'connectionFile' | 'keyFile'>,
  logger: Pick<Logger, 'info' | 'warn'>,
): Promise<{ store: Store; close(): Promise<void> }> {
  const sealer = createSealer(readKey(settings.keyFile));
  const journal = createPostgresJournal({ connectionUrl: () => readPrivate(settings.connectionFile), sealer });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const snapshot = await journal.load();
      return { store: createStore({ journal, snapshot }), close: () => journal.close() };
    } catch (error) {
      if (!mayPass(error)) throw startFailure(error);
      if (attempt % 25 === 1) logger.warn({ err: error, attempt }, 'waiting for the database of the local cluster');
      await delay(betweenAttemptsMs);
    }
  }
}

/**
 * The database starts, recovers, restarts, lacks something or is not reachable yet: SQLSTATE classes 08, 53, 57 and 58, refused connections, and
 * what the driver says of a connection that was lost between two questions.
 */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof JournalInUse || /timeout|terminated|not queryable/i.test(error.message)) return true;
  const code = 'code' in error ? String(error.code) : '';
  return /^(08|53|57|58)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(code);
}

function startFailure(error: unknown): unknown {
  if (error instanceof LocalClusterError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const hint = /authenticate/i.test(why) ? 'the Secrets in it were sealed with another key than that of keyFile' : why;
  return new LocalClusterError('START_FAILED', `the database of the local cluster cannot be used: ${hint}`, error);
}

/** 32 bytes in base64, made at the first start: without it, what it sealed is lost. */
function readKey(file: string): Uint8Array {
  if (!existsSync(file)) keepFile(file, `${randomBytes(32).toString('base64')}\n`);
  const key = Buffer.from(readPrivate(file), 'base64');
  if (key.length !== 32) throw new LocalClusterError('INVALID_SETTINGS', `${file} does not hold a key: 32 bytes in base64 are expected`);
  return key;
}
