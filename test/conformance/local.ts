import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { createCluster, createPostgresJournal, createSealer, createStore, noWorkloads, systemPrincipal, type Store } from '@guildhall/local-cluster';
import { startPostgres } from '../support/postgres.ts';
import { components, createTokens, limitedRules, overHttp, type ClusterUnderTest } from './cluster-under-test.ts';

/** The local cluster over HTTP on loopback, with its objects in memory. */
export const startLocal = (): Promise<ClusterUnderTest> => serve('local cluster', createStore(), async () => undefined);

/** The same with its objects in a PostgreSQL of its own. */
export async function startLocalOnPostgres(): Promise<ClusterUnderTest> {
  const database = await startPostgres();
  const journal = createPostgresJournal({ connectionUrl: () => database.url, sealer: createSealer(randomBytes(32)) });
  const store = createStore({ journal, snapshot: await journal.load() });
  return serve('local cluster on PostgreSQL', store, async () => {
    await journal.close();
    await database.stop();
  });
}

async function serve(name: string, store: Store, release: () => Promise<void>): Promise<ClusterUnderTest> {
  const tokens = createTokens();
  const cluster = await createCluster({
    store,
    principals: [
      { ...systemPrincipal, name: 'admin', token: tokens.admin },
      { name: 'limited', token: tokens.limited, rules: limitedRules.map((rule) => ({ ...rule, namespaces: ['gh-allowed*'] })) },
      ...components.map(([component, { cluster: everywhere, consortia, own }]) => ({
        name: component,
        token: tokens[component],
        rules: [...everywhere, ...consortia.map((rule) => ({ ...rule, namespaces: ['gh-roles*'] })), ...own.map((rule) => ({ ...rule, namespaces: ['own-roles*'] }))],
      })),
    ],
    clock: { now: Date.now },
    ids: { uid: () => randomUUID(), suffix: () => randomBytes(3).toString('hex').slice(0, 5) },
    ports: noWorkloads,
    http: { bookmarkMs: 500, onError: (error) => process.emitWarning(error instanceof Error ? error : String(error)) },
  });
  const server: Server = createServer(cluster.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { close, ...http } = overHttp({ server: `http://127.0.0.1:${port}`, tokens });
  return {
    name,
    ...http,
    installed: () => undefined,
    forgetHistory: async () => store.compact(),
    async stop() {
      await close();
      server.closeAllConnections();
      server.close();
      await release();
    },
  };
}
