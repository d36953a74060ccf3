import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { createOutageLog, isAway } from '../availability.ts';
import { postgresCode } from '../database/database.ts';

/**
 * A doorbell: it says which operation to look at and holds nothing else. Losing it all costs time, never work, because
 * what is due stands in the operations table and the sweeper rings again.
 */
export interface OperationQueue {
  ring(operationId: string): Promise<void>;
  /** Calls the handler for every ring, a few at a time. */
  listen(handler: (operationId: string) => Promise<void>): void;
  close(): Promise<void>;
}

const { Queue, Worker } = withBackend(createPostgresBackend);

interface Ring {
  operationId: string;
}

const name = 'operations';
const schema = 'bullmq';

/** A schema, table or function that is not there: somebody dropped the queue. */
const isDropped = (error: unknown): boolean => /^(3F000|42P01|42883)$/.test(postgresCode(error) ?? '');

async function prepare(connectionString: string): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000, application_name: 'guildhall-queue' });
  // A connection that breaks is told to whoever asks it next.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}

export async function createPostgresOperationQueue(connectionString: string, logger: Logger): Promise<OperationQueue> {
  await prepare(connectionString);
  const connection = { connectionString, max: 4, schema, connectionTimeoutMillis: 5000, application_name: 'guildhall-queue' };
  const outage = createOutageLog(logger, 'the queue');
  const queue = new Queue<Ring>(name, { connection });
  queue.on('error', outage.failed);
  let worker: InstanceType<typeof Worker<Ring>> | undefined;
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
        await prepare(connectionString);
        await add(operationId);
      }
    },
    listen: (handler) => {
      worker = new Worker<Ring>(name, (job) => handler(job.data.operationId), { connection, concurrency: 8 });
      worker.on('error', outage.failed);
    },
    close: async () => {
      // Without force it waits for the server's answer, and the server may be away.
      await worker?.close(true);
      await queue.close();
    },
  };
}
