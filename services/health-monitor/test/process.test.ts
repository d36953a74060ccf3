import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { customResourceDefinitions, namespaces, systemClock, type CustomResourceDefinition } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { componentRoles, crd, kinds, node, rulesWithNamespaces } from '@guildhall/resources';
import { until } from '../../../test/e2e/support/until.ts';
import { startProgram } from '../../../test/support/program.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const of = { namespace: 'gh-trade--bank', name: 'peer0' };

test('the monitor as a process: it tells of what its role lets it read, of what changes, and that it no longer sees', async (t) => {
  const cluster = await createInMemoryCluster({ clock: systemClock, principals: [{ name: 'guildhall-monitor', token: 'secret', rules: rulesWithNamespaces(componentRoles.monitor) }] });
  const server = createServer((request, response) => cluster.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-monitor-'));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.after(() => {
    close();
    rmSync(folder, { recursive: true, force: true });
  });
  const client = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as unknown as CustomResourceDefinition, { force: true });
  await client.apply(namespaces, { metadata: { name: of.namespace } });
  await client.apply(node.type, { metadata: of, spec: { member: 'bank', role: 'peer' } } as never);
  writeFileSync(join(folder, 'token'), 'secret', { mode: 0o600 });

  const monitor = await startProgram(main, { GUILDHALL_CLUSTER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, GUILDHALL_CLUSTER_TOKEN_FILE: join(folder, 'token'), GUILDHALL_LOG_LEVEL: 'error' });
  t.after(() => monitor.child.kill('SIGKILL'));
  const says = (line: string): Promise<unknown> => until(`it says ${line}; ${monitor.errors()}`, async () => (await monitor.asked('/metrics')).split('\n').includes(line));
  const health = (state: string, value: number): string => `guildhall_node_health{consortium="trade",member="bank",node="peer0",role="peer",state="${state}"} ${value}`;
  await until('it is ready', async () => (await monitor.asked('/readyz')).startsWith('200'));
  await says(health('Healthy', 0));
  for (const state of ['Healthy', 'Unreachable'] as const) {
    await client.applyStatus(node.type, { metadata: of, status: { health: { state, message: '', since: '2026-01-01T00:00:00Z' } } }, { force: true });
    await says(health(state, 1));
  }
  await says(health('Healthy', 0));
  await says('guildhall_monitor_current 1');
  await client.delete(node.type, of);
  await until('the series are gone', async () => !(await monitor.asked('/metrics')).includes('guildhall_node_health{'));

  close();
  await says('guildhall_monitor_current 0');
  assert.match(await monitor.asked('/readyz'), /^503/);
  monitor.child.kill('SIGTERM');
  assert.equal(await monitor.ended(), 0);
});
