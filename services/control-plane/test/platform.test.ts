import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ControlPlane, Platform, PreparationStep } from '../src/index.ts';
import { subscribe } from './client.ts';
import { ask, startWorld, type World } from './world.ts';

let world: World;
let controlPlane: ControlPlane;
let token: string;
let steps: PreparationStep[] = [{ title: 'Programs of Fabric', state: 'running', message: 'peer: 10 packages compiled, 5 s' }];
let fabric: string | undefined;
const listeners = new Set<() => void>();
const platform: Platform = {
  version: '1.2.3',
  startedAt: new Date('2030-01-02T03:04:05Z'),
  cluster: 'local',
  home: '/home/of/guildhall',
  fabricVersion: () => fabric,
  preparation: () => steps,
  onChange: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
before(async () => {
  world = await startWorld();
  controlPlane = await world.start({ platform });
  token = await controlPlane.tokens.issueAdminToken();
});
after(async () => {
  await controlPlane.stop();
  await world.stop();
});

test('it is told what Guildhall runs on', async () => {
  const { data, errors } = await ask<{ platform: Record<string, unknown> }>(controlPlane.url, token, '{ platform { version node database cluster fabric startedAt home preparation { title state message } } }');
  assert.equal(errors, undefined);
  const [{ server_version: server }] = (await world.query<{ server_version: string }>('show server_version')) as [{ server_version: string }];
  assert.deepEqual(data.platform, {
    version: '1.2.3', node: process.versions.node, database: `PostgreSQL ${server}`, cluster: 'local', fabric: null, startedAt: '2030-01-02T03:04:05.000Z', home: '/home/of/guildhall', preparation: steps,
  });
  assert.equal((await ask(controlPlane.url, 'gha_wrong', '{ platform { home } }')).errors?.[0]?.extensions.code, 'UNAUTHENTICATED');
});

test('who watches sees the preparation go on, and is forgotten when he is gone', { timeout: 600_000 }, async () => {
  const seen: string[] = [];
  const gone = new AbortController();
  const watching = subscribe<{ platform: { fabric: string | null; preparation: PreparationStep[] } }>(controlPlane.url, token, 'subscription { platform { fabric preparation { state message } } }', {}, ({ data }) => {
    seen.push(`${data.platform.fabric} ${data.platform.preparation[0]?.state}`);
    if (seen.length > 1) return gone.abort();
    steps = [{ title: 'Programs of Fabric', state: 'succeeded', message: 'Fabric 3.1.0' }];
    fabric = '3.1.0';
    for (const listener of listeners) listener();
  }, gone.signal).catch((error: unknown) => assert.ok(gone.signal.aborted, String(error)));
  await watching;
  assert.deepEqual(seen, ['null running', '3.1.0 succeeded']);
  while (listeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});
