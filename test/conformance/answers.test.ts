import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, ClusterUnderTest, Parsed } from './cluster-under-test.ts';
import { installDefinitions } from './definitions.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal } from './local.ts';
import { findPrograms } from './programs.ts';
import { requests } from './requests.ts';

const volatile = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'time', 'deletionTimestamp', 'lastTransitionTime']);

/** What must be the same: not the moment, not the identities, not the order of causes, which Kubernetes leaves to chance. */
function comparable(value: Parsed, namespace: string): Parsed {
  if (Array.isArray(value)) return value.map((each) => comparable(each, namespace));
  if (typeof value === 'string') {
    return value
      .replaceAll(namespace, 'NS')
      .replace(/10\.96\.\d+\.\d+/g, 'ADDRESS')
      .replace(/in record \([^)]*\)/g, 'in record')
      .replace(/gen-\w{5}/g, 'gen');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, child]) => {
      if (volatile.has(field)) return [field, child === '' ? '' : 'set'];
      if (field === 'causes' && Array.isArray(child)) return [field, [...new Set(child.map((cause) => JSON.stringify(comparable(cause, namespace))))].toSorted((a, b) => (a < b ? -1 : 1))];
      if (field === 'message' && typeof child === 'string') return [field, child.includes(' is invalid: [') ? 'several' : comparable(child, namespace)];
      return [field, comparable(child, namespace)];
    }),
  );
}

async function ask(cluster: ClusterUnderTest): Promise<Answer[]> {
  await installDefinitions(cluster);
  const namespace = await cluster.namespace('gh-same');
  const own = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll('"NS"', JSON.stringify(namespace))));
  const answers: Answer[] = [];
  for (const { method, path, body, type, user } of requests) {
    const answer = await cluster.request(method, path.replaceAll('NS', namespace), { ...(body === undefined ? {} : { body: own(body) }), ...(type ? { type } : {}), ...(user ? { user } : {}) });
    answers.push(comparable(answer, namespace));
  }
  return answers;
}

const { bin, skip: lacking } = await findPrograms();
describe('the local cluster answers as Kubernetes does', { skip: lacking }, () => {
  let clusters: ClusterUnderTest[] = [];
  let local: Answer[] = [];
  let real: Answer[] = [];
  before(async () => {
    clusters = await Promise.all([startLocal(), startKubernetes(bin)]);
    [local = [], real = []] = await Promise.all(clusters.map(ask));
  });
  after(() => Promise.all(clusters.map((cluster) => cluster.stop())));
  for (const [index, { label, loosely }] of requests.entries()) {
    test(loosely ? `${label} (in brief: ${loosely})` : label, () => {
      const brief = ({ status, body }: Answer): object => ({ status, ...(body['kind'] === 'Status' && status !== 404 ? { reason: body['reason'] } : {}) });
      const [ours, theirs] = [local[index]!, real[index]!];
      assert.deepEqual(loosely ? brief(ours) : ours, loosely ? brief(theirs) : theirs);
    });
  }
});
