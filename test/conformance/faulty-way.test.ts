import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiError, configMaps, createClient, createInformer, isAlreadyExists, TransportError, type ConfigMap } from '@guildhall/kubernetes';
import { until } from '../e2e/support/until.ts';
import { freePort } from '../support/free-port.ts';
import { startApiServer } from '../support/kubernetes/api-server.ts';
import { startFaultyProxy } from '../support/kubernetes/faulty-proxy.ts';
import { createProcesses } from '../support/kubernetes/processes.ts';
import { findPrograms } from './programs.ts';
import { createRandom } from './random-writes.ts';

const seed = Number(process.env['GUILDHALL_SEED'] ?? randomInt(2 ** 31));
const { bin, skip } = await findPrograms();
const namespace = 'default';
const labels = { test: 'faulty-way' };
const words = ({ metadata, data }: ConfigMap): string => `${metadata.name} ${data?.['round']}`;

/** What client and informers are good for on a way where much goes wrong, to a server that is killed: with patience what was wished for is there, and known. */
test(`over a faulty way to an API server that is killed, as is etcd, all that is wished for is written and known (GUILDHALL_SEED=${seed})`, { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-faulty-way-'));
  const processes = createProcesses(folder);
  t.after(async () => {
    await processes.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const ports = { etcd: await freePort(), etcdPeers: await freePort(), api: await freePort() };
  const api = await startApiServer({ processes, bin, address: '127.0.0.1', ports, accounts: [{ name: 'admin', token: 'secret', groups: ['system:masters'] }], flags: ['--authorization-mode', 'RBAC'] });
  const proxy = await startFaultyProxy({ server: api.server, certificateAuthority: api.certificateAuthority, host: '127.0.0.1', seed });
  t.after(() => proxy.stop());
  const direct = createClient({ server: api.server, certificateAuthority: api.certificateAuthority, token: 'secret', fieldManager: 'looker' });
  const client = createClient({ server: proxy.url, token: 'secret', fieldManager: 'writer' });
  const stop = new AbortController();
  t.after(async () => {
    stop.abort();
    await client.close();
    await direct.close();
  });
  const informer = createInformer(client, configMaps, { namespace, labelSelector: 'test=faulty-way' });
  informer.start(stop.signal);

  const random = createRandom(seed);
  const wished = new Map<string, string>();
  const write = async (name: string, round: string | undefined): Promise<void> => {
    if (round === undefined) return client.delete(configMaps, { namespace, name });
    await client.apply(configMaps, { metadata: { namespace, name, labels }, data: { round } }, { force: true });
  };
  /** As a controller does: what failed is done again. */
  const inTheEnd = (what: string, act: () => Promise<unknown>): Promise<true> =>
    until(what, () => act().then(() => true as const, (error: unknown) => {
      if (error instanceof ApiError || error instanceof TransportError) return false;
      throw error;
    }));
  for (let round = 1; round <= 6; round++) {
    const names = random.some(Array.from({ length: 30 }, (_, index) => `object-${index}`));
    for (const name of names) {
      if (random.chance(0.3)) wished.delete(name);
      else wished.set(name, String(round));
    }
    const killed = round % 3 === 0 ? api.restart(round === 3 ? 'kube-apiserver' : 'etcd') : undefined;
    await Promise.all(names.map((name) => inTheEnd(`${name} is as wished`, () => write(name, wished.get(name)))));
    await killed;
    const once = `once-${round}`;
    wished.set(once, 'once');
    await inTheEnd(`${once} is made`, () => client.create(configMaps, { metadata: { namespace, name: once, labels }, data: { round: 'once' } }).catch((error: unknown) => assert.ok(isAlreadyExists(error), error as Error)));
  }
  const expected = [...wished].map(([name, round]) => `${name} ${round}`).toSorted();
  assert.deepEqual((await direct.list(configMaps, { namespace, labelSelector: 'test=faulty-way' })).items.map(words).toSorted(), expected);
  await until('the informer knows it', () => {
    assert.deepEqual(informer.list().map(words).toSorted(), expected);
    return true;
  });
  // A watch is dropped by the clock, which a quick machine may have outrun.
  await until('each fault was met', () => Object.values(proxy.met).every((times) => times > 0));
  t.diagnostic(`met on the way: ${JSON.stringify(proxy.met)}`);
});
