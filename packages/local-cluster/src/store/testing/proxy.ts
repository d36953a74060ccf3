import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  /** The same URL, but through the proxy. */
  url: string;
  /** `open` passes all; `closed` refuses and cuts; `deaf` passes what is asked and cuts when the answer comes. */
  set(mode: 'open' | 'closed' | 'deaf'): void;
  stop(): Promise<void>;
}

/** Stands between a test and its database, to take the database away. */
export async function createProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let mode: 'open' | 'closed' | 'deaf' = 'open';
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (mode === 'closed') {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()); // cut on purpose
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => void upstream.write(chunk));
    upstream.on('data', (chunk) => (mode === 'deaf' ? cut() : void client.write(chunk)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen on a port');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(address.port);
  return {
    url: through.href,
    set(next) {
      mode = next;
      if (next === 'closed') cut();
    },
    async stop() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
