import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, silentLogger, type Event, type PersistentVolumeClaim, type Pod, type StatefulSet } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { createClusterWords, lastWord, subjectOf } from './cluster-words.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const event = (reason: string, seconds: number, type: Event['type'] = 'Normal'): Event => ({
  apiVersion: 'events.k8s.io/v1', kind: 'Event', metadata: { name: reason }, eventTime: at(0), deprecatedLastTimestamp: at(seconds), type, reason, action: '', note: `because of ${reason}`, regarding: {}, reportingController: '', reportingInstance: '',
});
const set: StatefulSet = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'peer0', namespace: 'gh-a--b', uid: 's', creationTimestamp: at(0) }, spec: { serviceName: '', selector: { matchLabels: {} }, template: { spec: { containers: [] } } } };
const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'peer0-0' }, spec: { containers: [] }, status: { phase: 'Pending' } };
const claim: PersistentVolumeClaim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-peer0-0' }, spec: {}, status: { phase: 'Pending' } };

test('what is missing first is asked about: the pod, its volume, its start', () => {
  assert.equal(subjectOf({ set, pod: undefined, claim }), set);
  assert.equal(subjectOf({ set, pod, claim }), claim);
  assert.equal(subjectOf({ set, pod, claim: { ...claim, status: { phase: 'Bound' } } }), pod);
  assert.equal(subjectOf({ set, pod: { ...pod, status: { phase: 'Running' } } }), undefined);
});

test('the last word counts, and that all goes well is none', () => {
  assert.equal(lastWord([]), undefined);
  assert.deepEqual(lastWord([event('FailedCreate', 2, 'Warning'), event('SuccessfulCreate', 1)]), { text: 'because of FailedCreate', warns: true });
  assert.equal(lastWord([event('FailedScheduling', 1, 'Warning'), event('Scheduled', 2)]), undefined);
  assert.equal(lastWord([event('SuccessfulCreate', 2), event('FailedCreate', 2, 'Warning')])?.text, 'because of FailedCreate', 'in one second');
  assert.equal(lastWord([event('ExternalProvisioning', 1)])?.warns, false);
  assert.equal(lastWord([event('FailedBinding', 1)])?.warns, true);
});

test('only of what is late, and not with every look', async () => {
  const clock = createFakeClock(Date.parse(at(0)));
  const asked: unknown[] = [];
  const words = createClusterWords({ list: (_type: unknown, options: unknown) => (asked.push(options), Promise.resolve({ items: [event('FailedCreate', 1, 'Warning')], resourceVersion: '' })) } as never, clock, silentLogger);
  assert.equal(await words.of({ set, pod: undefined }), undefined);
  await clock.advance(3_000);
  for (let look = 0; look < 3; look++) assert.equal((await words.of({ set, pod: undefined }))?.warns, true);
  assert.deepEqual(asked, [{ namespace: 'gh-a--b', fieldSelector: 'regarding.uid=s' }], 'what was said of a former one of this name does not count');
});

test('where events cannot be read, nothing is said, and the log tells why', async () => {
  const clock = createFakeClock(Date.parse(at(9)));
  const warnings: object[] = [];
  const refused = new ApiError(403, 'Forbidden', 'events is forbidden');
  const words = createClusterWords({ list: () => Promise.reject(refused) }, clock, { ...silentLogger, warn: (fields) => warnings.push(fields) });
  assert.equal(await words.of({ set, pod: undefined }), undefined);
  assert.deepEqual(warnings, [{ err: refused, object: 'StatefulSet gh-a--b/peer0' }]);
});
