import { Client } from 'pg';
import type { Logger } from 'pino';
import { createOutageLog, pause, retryMs } from '../availability.ts';

export type NotificationHandler = (payload: string) => void;

export interface Notifications {
  /** Calls the handler for every NOTIFY on the channel, until the returned function is called. */
  on(channel: string, handler: NotificationHandler): () => void;
  /** Called whenever notifications may have been missed: at every (re)connection. */
  onGap(handler: () => void): () => void;
  /** Listens until the signal; never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

const channels = ['guildhall_operation', 'guildhall_projection', 'guildhall_ledger'];

/** A connection that only listens does not find out by itself that the other end is gone. */
const heartbeatMs = 15_000;

/**
 * One connection that listens. PostgreSQL keeps no notifications for who is away, so after a reconnection everyone is
 * told that there may be a gap, and looks for himself.
 */
export function createNotifications(connectionString: string, logger: Logger): Notifications {
  const handlers = new Map<string, Set<NotificationHandler>>();
  const gapHandlers = new Set<() => void>();
  const outage = createOutageLog(logger, 'listening for changes in the database');

  const listen = async (client: Client, signal: AbortSignal): Promise<void> => {
    const ended = Promise.withResolvers<void>();
    // It may end while connecting, when nobody awaits this yet; an unhandled rejection would end the process.
    ended.promise.catch((error: unknown) => logger.debug({ err: error }, 'the connection for notifications ended'));
    client.on('end', () => ended.resolve());
    client.on('error', (error) => ended.reject(error));
    client.on('notification', ({ channel, payload }) => {
      for (const handler of handlers.get(channel) ?? []) handler(payload ?? '');
    });
    const stop = (): void => ended.resolve();
    signal.addEventListener('abort', stop, { once: true });
    const heartbeat = setInterval(() => {
      client.query('select 1').catch((error: unknown) => ended.reject(error));
    }, heartbeatMs);
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${channel}`);
      outage.worked();
      for (const handler of gapHandlers) handler();
      await ended.promise;
    } finally {
      clearInterval(heartbeat);
      signal.removeEventListener('abort', stop);
      client.end().catch((error: unknown) => logger.debug({ err: error }, 'the connection for notifications could not be closed'));
    }
  };

  return {
    on: (channel, handler) => {
      const set = handlers.get(channel) ?? new Set();
      handlers.set(channel, set.add(handler));
      return () => set.delete(handler);
    },
    onGap: (handler) => {
      gapHandlers.add(handler);
      return () => gapHandlers.delete(handler);
    },
    run: async (signal) => {
      while (!signal.aborted) {
        try {
          await listen(
            new Client({ connectionString, application_name: 'guildhall-notifications', keepAlive: true, connectionTimeoutMillis: 5000, query_timeout: 5000 }),
            signal,
          );
        } catch (error) {
          outage.failed(error);
        }
        await pause(retryMs, signal);
      }
    },
  };
}
