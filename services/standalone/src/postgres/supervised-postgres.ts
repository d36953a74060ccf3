import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '@guildhall/local-cluster/process';
import type { Logger } from 'pino';
import { startPostgres, stopPostgres, type PostgresOptions, type PostgresServer } from './server.ts';

export interface SupervisedPostgres {
  server: PostgresServer;
  stop(): Promise<void>;
}

const checkMs = 500;

/** PostgreSQL that is started again, on the port that its clients know, whenever it has ended without being told to. */
export async function supervisePostgres(options: PostgresOptions, logger: Logger): Promise<SupervisedPostgres> {
  let server = await startPostgres(options);
  const stopping = new AbortController();

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(checkMs);
      if (stopping.signal.aborted || isRunning(server.process)) continue;
      logger.warn({ process: server.process.pid }, 'PostgreSQL has ended; starting it again');
      try {
        server = await startPostgres({ ...options, port: server.port });
        logger.info({ process: server.process.pid }, 'PostgreSQL is back');
      } catch (error) {
        logger.error({ err: error }, 'PostgreSQL could not be started again; trying on');
      }
    }
  };
  const watching = watch();

  return {
    get server() {
      return server;
    },
    stop: async () => {
      stopping.abort();
      await watching;
      await stopPostgres(server);
    },
  };
}
