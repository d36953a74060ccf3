import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, ClusterUnderTest } from './cluster-under-test.ts';
import { comparable } from './comparable.ts';
import { installDefinitions } from './definitions.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal } from './local.ts';
import { findPrograms } from './programs.ts';
import { requests } from './requests.ts';

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
  const clusters: ClusterUnderTest[] = [];
  let local: Answer[] = [];
  let real: Answer[] = [];
  before(async () => {
    // One after the other, so that what is up is ended when the next does not start.
    clusters.push(await startLocal());
    clusters.push(await startKubernetes(bin));
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
