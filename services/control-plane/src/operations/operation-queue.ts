import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { createOutageLog, isAway, pause, retryMs } from '../availability.ts';
import { openPool, postgresCode } from '../database/database.ts';
import { patientPool } from './patient-pool.ts';

/**
 * A doorbell: it says which operation to look at and holds nothing else. Losing it all costs time, never work, because
 * what is due stands in the operations table and the sweeper rings again.
 */
export interface OperationQueue {
  ring(operationId: string): Promise<void>;
  /** Calls the handler, which must not reject, for every ring, a few at a time. */
  listen(handler: (operationId: string) => Promise<void>): void;
  close(): Promise<void>;
}

const { Queue, Worker } = withBackend(createPostgresBackend);

interface Ring {
  operationId: string;
}

const name = 'operations';
/** BullMQ's own choice, which cannot be another one with a pool of ours. */
const schema = 'bullmq';

/** A schema, table or function that is not there: somebody dropped the queue. */
const isDropped = (error: unknown): boolean => /^(3F000|42P01|42883)$/.test(postgresCode(error) ?? '');

async function prepare(connectionString: string, logger: Logger): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000, application_name: 'guildhall-queue' });
  client.on('error', (error) => logger.debug({ err: error }, 'the connection that prepares the queue ended'));
  try {
    await client.connect();
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}

export async function createPostgresOperationQueue(connectionString: string, logger: Logger): Promise<OperationQueue> {
  await prepare(connectionString, logger);
  // Not BullMQ's own pool, which lets the end of a connection that is in use end the process.
  const pool = openPool({ connectionString, schema, applicationName: 'guildhall-queue', max: 6, logger });
  const connection = patientPool(pool);
  const outage = createOutageLog(logger, 'the queue');
  const closing = new AbortController();

  /**
   * BullMQ remembers for good when its first connection failed, and a worker that remembers so blocks the process: what did
   * not become ready is thrown away.
   */
  const made = async <Part extends { waitUntilReady(): Promise<unknown>; close(): Promise<unknown>; on(event: 'error', handler: (error: Error) => void): unknown }>(part: Part): Promise<Part> => {
    part.on('error', outage.failed);
    try {
      await part.waitUntilReady();
      return part;
    } catch (error) {
      await part.close();
      throw error;
    }
  };

  const queue = await made(new Queue<Ring>(name, { connection })).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  let worker: InstanceType<typeof Worker<Ring>> | undefined;

  const work = async (handler: (operationId: string) => Promise<void>): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        worker = await made(new Worker<Ring>(name, (job) => handler(job.data.operationId), { connection, concurrency: 8, autorun: false, runRetryDelay: 1000 }));
        if (closing.signal.aborted) await worker.close(true);
        else await worker.run();
        return;
      } catch (error) {
        outage.failed(error);
        await pause(retryMs, closing.signal);
      }
    }
  };
  const add = async (operationId: string): Promise<void> => {
    await queue.add('run', { operationId }, { removeOnComplete: true, removeOnFail: true });
    outage.worked();
  };

  return {
    ring: async (operationId) => {
      try {
        await add(operationId);
      } catch (error) {
        if (isAway(error) || !isDropped(error)) throw error;
        logger.warn('the queue was dropped; it is made anew');
        await prepare(connectionString, logger);
        await add(operationId);
      }
    },
    listen: (handler) => void work(handler),
    close: async () => {
      closing.abort();
      // Without force it waits for the server's answer, and the server may be away.
      await worker?.close(true);
      await queue.close();
      await pool.end();
    },
  };
}
