import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { Client } from 'pg';
import type { Logger } from 'pino';

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

export async function createPostgresOperationQueue(connectionString: string, logger: Logger): Promise<OperationQueue> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
  const connection = { connectionString, max: 4, schema };
  const queue = new Queue<Ring>(name, { connection });
  queue.on('error', (error) => logger.warn({ err: error }, 'the queue does not answer'));
  let worker: InstanceType<typeof Worker<Ring>> | undefined;
  return {
    ring: async (operationId) => {
      await queue.add('run', { operationId }, { removeOnComplete: true, removeOnFail: 1000 });
    },
    listen: (handler) => {
      worker = new Worker<Ring>(name, (job) => handler(job.data.operationId), { connection, concurrency: 8 });
      worker.on('error', (error) => logger.warn({ err: error }, 'the queue does not answer'));
    },
    close: async () => {
      await worker?.close();
      await queue.close();
    },
  };
}
