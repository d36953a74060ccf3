import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { componentRoles, type ComponentRole } from '@guildhall/resources';
import { usage, type ClusterUnderTest } from './cluster-under-test.ts';
import { installDefinitions } from './definitions.ts';
import { startKubernetes } from './kubernetes.ts';
import { startLocal, startLocalOnPostgres } from './local.ts';
import { findPrograms } from './programs.ts';
import { access } from './scenarios/access.ts';
import { apply } from './scenarios/apply.ts';
import { deletion } from './scenarios/deletion.ts';
import { kinds } from './scenarios/kinds.ts';
import { reading } from './scenarios/reading.ts';
import { schemas } from './scenarios/schemas.ts';

const scenarios = [...kinds, ...schemas, ...apply, ...reading, ...deletion, ...access];
const roles: ComponentRole[] = Object.values(componentRoles);
/** A kubelet's to answer, and there is none here: who may ask is compared in the scenarios of access. */
const ofKubelets = usage('get', '', 'pods/log');
const granted = new Set(roles.flatMap(({ cluster, consortia }) => [...cluster, ...consortia]).flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => usage(verb, group, resource))))));
const { bin, skip: lacking } = await findPrograms();

const forms: { name: string; skip: string | false; start(): Promise<ClusterUnderTest> }[] = [
  { name: 'local cluster', skip: false, start: startLocal },
  { name: 'local cluster on PostgreSQL', skip: false, start: startLocalOnPostgres },
  { name: 'Kubernetes', skip: lacking, start: () => startKubernetes(bin) },
];

for (const { name, skip, start } of forms) {
  describe(name, { skip }, () => {
    let cluster: ClusterUnderTest;
    before(async () => {
      cluster = await start();
      await installDefinitions(cluster);
    });
    after(() => cluster?.stop());
    describe('side by side', { concurrency: 4 }, () => {
      for (const { name: story, run, alone } of scenarios) if (!alone) test(story, () => run(cluster));
    });
    for (const { name: story, run, alone } of scenarios) if (alone) test(story, () => run(cluster));
    test('every verb that a component may use on a kind was used here', () => {
      assert.deepEqual([...granted].filter((each) => each !== ofKubelets && !cluster.used.has(each)), []);
    });
  });
}
