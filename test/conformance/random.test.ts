import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Answer, ClusterUnderTest } from './cluster-under-test.ts';
import { comparable } from './comparable.ts';
import { installDefinitions } from './definitions.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal } from './local.ts';
import { findPrograms } from './programs.ts';
import { createRandom, randomWrite, type Write } from './random-writes.ts';

const seed = Number(process.env['GUILDHALL_SEED'] ?? randomInt(2 ** 31));
const runs = 8;
const writes = 60;
const { bin, skip } = await findPrograms();

async function answer(cluster: ClusterUnderTest, namespace: string, { method, path, type, body }: Write): Promise<Answer> {
  const { status, body: answered, warning } = await cluster.request(method, path.replace('NS', namespace), { ...(type ? { type } : {}), ...(body ? { body } : {}) });
  // Kubernetes words what it refuses in its own way here and there; the other tests look at that.
  if (method === 'DELETE') return { status, body: {}, warning }; // some kinds are shown as they were, some not
  return status < 300 ? comparable({ status, body: answered['kind'] === 'Status' ? {} : answered, warning }, namespace) : { status, body: { reason: answered['reason'] }, warning };
}

describe(`random writes of several managers have the same effect on both (GUILDHALL_SEED=${seed})`, { skip }, () => {
  const clusters: ClusterUnderTest[] = [];
  before(async () => {
    // One after the other, so that what is up is ended when the next does not start.
    clusters.push(await startLocal());
    clusters.push(await startKubernetes(bin));
    await Promise.all(clusters.map(installDefinitions));
  });
  after(() => Promise.all(clusters.map((cluster) => cluster.stop())));

  for (let run = 0; run < runs; run++) {
    test(`run ${run}: ${writes} writes`, async () => {
      const random = createRandom(seed + run);
      const namespaces = await Promise.all(clusters.map((cluster) => cluster.namespace('gh-random')));
      const done: Write[] = [];
      for (let index = 0; index < writes; index++) {
        const write = randomWrite(random);
        done.push(write);
        const [ours, theirs] = await Promise.all(clusters.map((cluster, which) => answer(cluster, namespaces[which]!, write)));
        assert.deepEqual(ours, theirs, `after write ${index} of seed ${seed}, run ${run}: ${JSON.stringify(done.filter(({ path }) => path.split('?')[0] === write.path.split('?')[0]).slice(-4), null, 1)}`);
      }
    });
  }
});
