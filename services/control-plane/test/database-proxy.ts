import { createConnection, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** What a write that passes is followed by. */
export type Verdict = 'pass' | 'kill' | 'told-failed';

export interface DatabaseProxy {
  /** The database's URL, by way of the proxy. */
  url: string;
  /** From now on nothing passes, in either direction. */
  cut(): void;
  /** Connections pass again. */
  mend(): void;
  close(): Promise<void>;
}

const startupProtocol = 196_608;

interface Frame {
  type: string;
  body: Buffer;
  whole: Buffer;
  rest: Buffer;
}

/** The first frame of PostgreSQL's protocol v3 in the buffer: a type of one byte (the very first of a client has none), a length of four that counts itself. */
function nextFrame(buffer: Buffer, typed: boolean): Frame | undefined {
  const offset = typed ? 1 : 0;
  if (buffer.length < offset + 4) return undefined;
  const length = offset + buffer.readInt32BE(offset);
  if (buffer.length < length) return undefined;
  const whole = buffer.subarray(0, length);
  return { type: buffer.toString('latin1', 0, offset), body: whole.subarray(offset + 4), whole, rest: buffer.subarray(length) };
}

const textOf = (type: string, body: Buffer): string => {
  if (type === 'Q') return body.subarray(0, -1).toString();
  if (type !== 'P') return '';
  const name = body.indexOf(0);
  return body.subarray(name + 1, body.indexOf(0, name + 1)).toString();
};

/**
 * Stands between one control plane and PostgreSQL and tells of each point at which something becomes durable: commits, and
 * writes outside of transactions. Only connections of `applicationName` count; the others only pass.
 */
export async function startDatabaseProxy(
  databaseUrl: string,
  applicationName: string,
  { onWrite = () => 'pass', onStatement = () => undefined }: { onWrite?: (sql: string) => Verdict; onStatement?: (sql: string) => void },
): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;

  const server = createServer((client) => {
    const upstream = createConnection(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    if (isCut) {
      client.destroy();
      return;
    }

    let started = false;
    let counts = false;
    let inTransaction = false;
    let held: Verdict = 'pass';

    const fromClient = ({ type, body, whole }: Frame): void => {
      if (!started) {
        started = body.readInt32BE(0) === startupProtocol;
        counts = body.toString().split('\0').includes(applicationName);
      } else if (counts) {
        const sql = textOf(type, body).trim();
        const isWrite = inTransaction ? /^commit/i.test(sql) : /^(insert|update|delete|with)/i.test(sql);
        if (sql !== '') onStatement(sql);
        if (isWrite) held = onWrite(sql);
      }
      upstream.write(whole);
    };
    let unread: Buffer = Buffer.alloc(0);
    client.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      for (let frame = nextFrame(unread, started); frame; frame = nextFrame(unread, started)) {
        unread = frame.rest;
        fromClient(frame);
      }
    });

    /** Once the server is ready for the next query, what was asked before is done. */
    const fromServer = ({ type, body }: Frame): void => {
      if (type !== 'Z') return;
      inTransaction = body.toString() !== 'I';
      if (held === 'kill') proxy.cut();
      if (held === 'told-failed') client.destroy();
    };
    let unseen: Buffer = Buffer.alloc(0);
    upstream.on('data', (chunk) => {
      unseen = Buffer.concat([unseen, chunk]);
      for (let frame = nextFrame(unseen, true); frame; frame = nextFrame(unseen, true)) {
        unseen = frame.rest;
        fromServer(frame);
      }
      if (held === 'pass') client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  const url = new URL(databaseUrl);
  url.port = String(address.port);

  const proxy: DatabaseProxy = {
    url: url.href,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      proxy.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
