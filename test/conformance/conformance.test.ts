import { after, before, describe, test } from 'node:test';
import { crd, kinds as guildhallKinds } from '@guildhall/resources';
import { customResourceDefinitions } from '@guildhall/kubernetes';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal } from './local.ts';
import { findPrograms } from './programs.ts';
import { access } from './scenarios/access.ts';
import { apply } from './scenarios/apply.ts';
import { deletion } from './scenarios/deletion.ts';
import { kinds } from './scenarios/kinds.ts';
import { reading } from './scenarios/reading.ts';
import { eventually } from './scenarios/scenario.ts';
import { schemas } from './scenarios/schemas.ts';

const scenarios = [...kinds, ...schemas, ...apply, ...reading, ...deletion, ...access];
const bin = await findPrograms();

const forms: { name: string; skip: string | false; start(): Promise<ClusterUnderTest> }[] = [
  { name: 'local cluster', skip: false, start: () => startLocal() },
  { name: 'Kubernetes', skip: typeof bin === 'string' ? false : bin.missing, start: () => startKubernetes(String(bin)) },
];

for (const { name, skip, start } of forms) {
  describe(name, { skip }, () => {
    let cluster: ClusterUnderTest;
    before(async () => {
      cluster = await start();
      const client = cluster.client('installer');
      for (const kind of guildhallKinds) await client.apply(customResourceDefinitions, crd(kind) as never);
      for (const { type } of guildhallKinds) {
        await eventually(`${type.kind} is served`, async () => (await cluster.request('GET', `/apis/${type.group}/${type.version}/${type.plural}`)).status === 200);
      }
      cluster.installed();
    });
    after(() => cluster?.stop());
    describe('side by side', { concurrency: 4 }, () => {
      for (const { name: story, run, alone } of scenarios) if (!alone) test(story, () => run(cluster));
    });
    for (const { name: story, run, alone } of scenarios) if (alone) test(story, () => run(cluster));
  });
}
