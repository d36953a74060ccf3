import assert from 'node:assert/strict';
import { test } from 'node:test';
import { events } from '@guildhall/kubernetes';
import { expireEvents } from './expire-events.ts';
import { createInMemoryCluster, systemPrincipal } from './index.ts';

const hour = 3_600_000;
const began = Date.parse('2026-01-01T00:00:00Z');

test('events go an hour after they were last written, and others stay', async () => {
  let now = began;
  const client = (await createInMemoryCluster({ clock: { now: () => now } })).connect(systemPrincipal);
  const make = (name: string) =>
    client.create(events, {
      metadata: { name, namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z', type: 'Normal', reason: 'Made', action: 'Make', note: 'made it',
      reportingController: 'tester', reportingInstance: 'tester-0', regarding: { apiVersion: 'v1', kind: 'Namespace', name: 'default' },
    });
  const names = async () => (await client.list(events)).items.map(({ metadata }) => metadata.name);
  await make('once');
  await make('again');
  now += hour / 2;
  await make('later');
  await client.mergePatch(events, { namespace: 'default', name: 'again' }, { series: { count: 2, lastObservedTime: '2026-01-01T00:30:00.000000Z' } });
  await expireEvents(client, began + hour);
  assert.deepEqual(await names(), ['again', 'later', 'once']);
  await expireEvents(client, began + hour + 1000);
  assert.deepEqual(await names(), ['again', 'later']);
  await expireEvents(client, began + 2 * hour);
  assert.deepEqual(await names(), []);
});
