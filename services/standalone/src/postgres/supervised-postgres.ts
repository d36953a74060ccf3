import type { Logger } from 'pino';
import { supervise } from '../supervise.ts';
import { startPostgres, stopPostgres, type PostgresOptions, type PostgresServer } from './server.ts';

export interface SupervisedPostgres {
  server: PostgresServer;
  stop(): Promise<void>;
}

/** PostgreSQL that is started again, on the port that its clients know, whenever it has ended without being told to. */
export async function supervisePostgres(options: PostgresOptions, logger: Logger, tell: (sentence: string) => void): Promise<SupervisedPostgres> {
  const supervised = supervise(await startPostgres(options), {
    name: 'PostgreSQL',
    startAgain: ({ port }) => startPostgres({ ...options, port }),
    tell,
    logger,
  });
  return {
    get server() {
      return supervised.current();
    },
    stop: async () => stopPostgres(await supervised.release()),
  };
}
