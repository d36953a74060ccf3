import { Client } from 'pg';
import type { Logger } from 'pino';

export type NotificationHandler = (payload: string) => void;

export interface Notifications {
  /** Calls the handler for every NOTIFY on the channel, until the returned function is called. */
  on(channel: string, handler: NotificationHandler): () => void;
  /** Called whenever notifications may have been missed: at every (re)connection. */
  onGap(handler: () => void): () => void;
  start(signal: AbortSignal): Promise<void>;
}

const channels = ['guildhall_operation', 'guildhall_projection'];

/**
 * One connection that listens. PostgreSQL keeps no notifications for who is away, so after a reconnection everyone is
 * told that there may be a gap, and looks for himself.
 */
export function createNotifications(connectionString: string, logger: Logger): Notifications {
  const handlers = new Map<string, Set<NotificationHandler>>();
  const gapHandlers = new Set<() => void>();

  const connectOnce = async (signal: AbortSignal): Promise<void> => {
    const client = new Client({ connectionString, application_name: 'guildhall-notifications', keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.on('end', resolve);
      client.on('error', (error) => {
        logger.warn({ err: error }, 'the connection for notifications ended; connecting again');
        resolve();
      });
    });
    const close = (): void => void client.end().catch((error: unknown) => logger.debug({ err: error }, 'closing'));
    await client.connect();
    try {
      client.on('notification', ({ channel, payload }) => {
        for (const handler of handlers.get(channel) ?? []) handler(payload ?? '');
      });
      for (const channel of channels) await client.query(`listen ${channel}`);
      for (const handler of gapHandlers) handler();
      signal.addEventListener('abort', close, { once: true });
      await ended;
    } finally {
      signal.removeEventListener('abort', close);
      close();
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
    start: async (signal) => {
      while (!signal.aborted) {
        try {
          await connectOnce(signal);
        } catch (error) {
          logger.warn({ err: error }, 'the database does not answer; trying again');
        }
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
  };
}
