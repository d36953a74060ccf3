import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { collectLogs } from '../../test/support/logs.ts';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import { type ConfigMap, type Event, events } from '../core.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { createFaultPlan, type FaultPlan } from '../testing/faults.ts';
import { createEventRecorder, type EventRecorder, type Notice } from './recorder.ts';

describe('the event recorder', () => {
  let clock: FakeClock;
  let api: ReturnType<typeof createMemoryApi>;
  let faults: FaultPlan;
  let metrics: Metrics;
  let logs: ReturnType<typeof collectLogs>;
  let recorder: EventRecorder;
  const node: ConfigMap = { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', metadata: { name: 'peer0', namespace: 'gh-a', uid: 'u', resourceVersion: '7' } };
  const notice: Notice = { type: 'Warning', reason: 'Unreachable', action: 'Probe', note: 'no answer from 127.0.0.1' };

  beforeEach(() => {
    clock = createFakeClock();
    api = createMemoryApi();
    faults = createFaultPlan();
    metrics = createMetrics();
    logs = collectLogs();
    recorder = createEventRecorder(memoryClient(faults.wrap(api.fetch), { clock, attempts: 1 }), 'guildhall-operator', { instance: 'operator-1', clock, metrics, logger: logs });
  });
  const written = async (): Promise<Event[]> => {
    await recorder.flush();
    return (await memoryClient(api.fetch).list(events)).items;
  };
  const dropped = async (): Promise<number> => Number(/events_dropped_total\{component="guildhall-operator"\} (\d+)/.exec(await metrics.text())?.[1]);

  it('spreads a burst when it is told to, and hurries when it is flushed', async () => {
    const calm = createEventRecorder(memoryClient(api.fetch), 'local-cluster', { clock, pauseMs: 100 });
    const seen = async (): Promise<number> => (await memoryClient(api.fetch).list(events)).items.length;
    for (const reason of ['First', 'Second', 'Third']) calm.record(node, { ...notice, reason });
    await clock.advance(50);
    assert.equal(await seen(), 1);
    await clock.advance(100);
    assert.equal(await seen(), 2);
    await calm.flush();
    assert.equal(await seen(), 3);
  });

  it('writes what happened to which object, as events.k8s.io/v1 wants it', async () => {
    recorder.record(node, notice);
    const [event] = await written();
    assert.match(event!.metadata.name, /^peer0\.[0-9a-f]{16}$/);
    const { metadata, ...fields } = event!;
    assert.equal(metadata.namespace, 'gh-a');
    assert.deepEqual(fields, {
      apiVersion: 'events.k8s.io/v1', kind: 'Event', eventTime: '2026-01-01T00:00:00.000000Z', ...notice,
      regarding: { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Node', name: 'peer0', namespace: 'gh-a', uid: 'u', resourceVersion: '7' },
      reportingController: 'guildhall-operator', reportingInstance: 'operator-1',
    });
  });

  it('counts a repetition instead of writing it again, and does not write each', async () => {
    for (let minute = 0; minute < 10; minute++) {
      for (let repetition = 0; repetition < 4; repetition++) {
        recorder.record(node, notice);
        await clock.advance(500);
      }
      await clock.advance(58_000);
    }
    const all = await written();
    assert.equal(all.length, 1);
    assert.deepEqual(all[0]?.series, { count: 40, lastObservedTime: '2026-01-01T00:09:01.500000Z' });
    assert.equal(faults.requests.length, 20, 'the first of each minute, and the others together');
  });

  it('tells of a repetition that nothing follows, though it comes soon', async () => {
    const series = async (): Promise<Event['series']> => (await memoryClient(api.fetch).list(events)).items[0]?.series;
    recorder.record(node, notice);
    await clock.advance(1_000);
    recorder.record(node, notice);
    await clock.advance(1_000);
    assert.equal(await series(), undefined);
    await clock.advance(1_000);
    assert.deepEqual(await series(), { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' });
    recorder.record(node, notice);
    await recorder.flush();
    assert.equal((await series())?.count, 3, 'nothing is left at the end');
    recorder.record(node, notice);
    recorder.close();
    await clock.advance(60_000);
    assert.equal((await series())?.count, 3);
  });

  it('tells apart what is about another object or says something else', async () => {
    recorder.record(node, notice);
    recorder.record(node, { ...notice, note: 'no route' });
    recorder.record({ ...node, metadata: { ...node.metadata, uid: 'other' } }, notice);
    assert.equal((await written()).length, 3);
  });

  it('begins anew when the last one is so old that the server has dropped it', async () => {
    recorder.record(node, notice);
    await clock.advance(3_600_000);
    recorder.record(node, notice);
    assert.equal((await written()).length, 2);
  });

  it('does not let one object flood the cluster, and counts what it held back', async () => {
    for (let index = 0; index < 100; index++) recorder.record(node, { ...notice, note: `attempt ${index}` });
    assert.equal((await written()).length, 25);
    assert.equal(await dropped(), 75);
  });

  it('never throws, and counts and logs what could not be written', async () => {
    faults.fail(1, { status: 403 });
    recorder.record(node, notice);
    recorder.record(node, { ...notice, note: 'the next one' });
    assert.equal((await written()).length, 1);
    assert.equal(await dropped(), 1);
    assert.ok(logs.lines.some(({ message }) => message === 'an event could not be written'));
  });

  it('writes what could not be written when it happens again', async () => {
    faults.fail(1, { status: 500 });
    recorder.record(node, notice);
    await recorder.flush();
    recorder.record(node, notice);
    assert.equal((await written()).length, 1);
  });

  it('keeps a thousand for a server that does not answer, and drops the rest', async () => {
    faults.kill();
    for (let index = 0; index < 1_200; index++) recorder.record({ ...node, metadata: { ...node.metadata, uid: `u-${index}` } }, notice);
    assert.equal(await dropped(), 200);
  });

  it('cuts a note to 1024 bytes at the end of a character', async () => {
    recorder.record(node, { ...notice, note: 'é'.repeat(1_000) });
    const note = (await written())[0]?.note ?? '';
    assert.ok(Buffer.byteLength(note) <= 1_024);
    assert.match(note, /^é+…$/);
  });

  it('writes about cluster-scoped objects into the default namespace', async () => {
    recorder.record({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gh-a', uid: 'u2' } }, notice);
    assert.equal((await written())[0]?.metadata.namespace, 'default');
  });
});
