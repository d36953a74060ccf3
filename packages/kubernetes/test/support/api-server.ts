import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConfigMap } from '../../src/core.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void;
interface Entry {
  version: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: ConfigMap;
}

/**
 * ConfigMaps over real HTTP, enough of the protocol to list in pages and to watch, and ways to misbehave: each request of a kind first asks the
 * faults that wait for it.
 */
export interface ApiServer {
  url: string;
  put(name: string, data?: Record<string, string>): ConfigMap;
  remove(name: string): void;
  /** What there is: name -> uid and data. */
  state(): Record<string, { uid: string | undefined; data: Record<string, string> | undefined }>;
  version(): number;
  /** Misbehave on the next list or watch instead of answering. */
  nextList(handler: Handler): void;
  nextWatch(handler: Handler): void;
  /** Forgets history: watches and continue tokens from before get 410. */
  compact(): void;
  /** Ends open watches. */
  closeWatches(): void;
  resetWatches(): void;
  /** Writes to all open watches. */
  sendToWatches(text: string): void;
  bookmark(): void;
  /** Changes are kept from open watches. */
  mute(muted: boolean): void;
  openWatches(): number;
  lists: URL[];
  watches: URL[];
  close(): Promise<void>;
}

const prefix = '/api/v1/configmaps';

export const status = (code: number, reason: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: `scripted ${reason}` });

export const refuse =
  (code: number, reason: string, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(status(code, reason));
  };

export async function startApiServer(): Promise<ApiServer> {
  const objects = new Map<string, ConfigMap>();
  let history: Entry[] = [];
  let version = 10;
  let oldest = 0;
  let muted = false;
  const open = new Set<ServerResponse>();
  const listFaults: Handler[] = [];
  const watchFaults: Handler[] = [];
  const lists: URL[] = [];
  const watches: URL[] = [];

  function record(type: Entry['type'], object: ConfigMap): void {
    history.push({ version, type, object });
    if (!muted) for (const watch of open) watch.write(`${JSON.stringify({ type, object })}\n`);
  }

  const list: Handler = (_request, response, url) => {
    const items = [...objects.values()];
    const limit = Number(url.searchParams.get('limit') ?? Infinity);
    const [at, from] = (url.searchParams.get('continue') ?? `${version}:0`).split(':').map(Number) as [number, number];
    if (at < oldest) return refuse(410, 'Expired')(_request, response, url);
    const more = from + limit < items.length;
    const metadata = { resourceVersion: String(at), ...(more ? { continue: `${at}:${from + limit}` } : {}) };
    // Like the real one: items of a list have no apiVersion and kind.
    const page = items.slice(from, from + limit).map(({ metadata, data }) => ({ metadata, data }));
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', metadata, items: page }));
  };

  const watch: Handler = (_request, response, url) => {
    const from = Number(url.searchParams.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < oldest) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: JSON.parse(status(410, 'Expired')) as unknown })}\n`);
      return;
    }
    if (!muted) for (const { version, type, object } of history) if (version > from) response.write(`${JSON.stringify({ type, object })}\n`);
    open.add(response);
    response.on('close', () => open.delete(response));
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== prefix) return refuse(404, 'NotFound')(request, response, url);
    const watching = url.searchParams.has('watch');
    (watching ? watches : lists).push(url);
    return ((watching ? watchFaults : listFaults).shift() ?? (watching ? watch : list))(request, response, url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lists,
    watches,
    put(name, data = {}) {
      const before = objects.get(name);
      version++;
      const object: ConfigMap = {
        apiVersion: 'v1', kind: 'ConfigMap', data,
        metadata: { name, namespace: 'default', uid: before?.metadata.uid ?? randomUUID(), resourceVersion: String(version) },
      };
      objects.set(name, object);
      record(before ? 'MODIFIED' : 'ADDED', object);
      return object;
    },
    remove(name) {
      const before = objects.get(name);
      if (!before) throw new Error(`there is no ${name}`);
      version++;
      objects.delete(name);
      record('DELETED', { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } });
    },
    state: () => Object.fromEntries([...objects].map(([name, { metadata, data }]) => [name, { uid: metadata.uid, data }])),
    version: () => version,
    nextList: (handler) => listFaults.push(handler),
    nextWatch: (handler) => watchFaults.push(handler),
    compact() {
      history = [];
      version++;
      oldest = version;
    },
    closeWatches() {
      for (const response of open) response.end();
      open.clear();
    },
    resetWatches() {
      for (const response of open) response.destroy();
      open.clear();
    },
    sendToWatches(text) {
      for (const response of open) response.write(text);
    },
    bookmark() {
      const bookmark = { type: 'BOOKMARK', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: String(version) } } };
      for (const response of open) response.write(`${JSON.stringify(bookmark)}\n`);
    },
    mute: (value) => (muted = value),
    openWatches: () => open.size,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
