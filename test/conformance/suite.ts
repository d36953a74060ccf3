import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { componentRoles, type ComponentRole } from '@guildhall/resources';
import { usage, type ClusterUnderTest } from './cluster-under-test.ts';
import { installDefinitions } from './definitions.ts';
import { access } from './scenarios/access.ts';
import { apply } from './scenarios/apply.ts';
import { deletion } from './scenarios/deletion.ts';
import { kinds } from './scenarios/kinds.ts';
import { reading } from './scenarios/reading.ts';
import type { Need, Scenario } from './scenarios/scenario.ts';
import { schemas } from './scenarios/schemas.ts';

export interface Form {
  name: string;
  /** Why it cannot be tried here. */
  skip: string | false;
  start(): Promise<ClusterUnderTest>;
  /** What this form does and others do not. */
  more?: readonly Scenario[];
  /** It has a kubelet. */
  runsPods?: boolean;
  /** What it does not offer, and why. */
  cannot?: Partial<Record<Need, string>>;
  /** What this form cannot do, as rules of access name it. */
  without?: readonly string[];
}

const common = [...kinds, ...schemas, ...apply, ...reading, ...deletion, ...access];
const roles: ComponentRole[] = Object.values(componentRoles);
/** A kind of the Gateway API, which has to be installed besides: test/kubernetes/exposure.test.ts does. */
const elsewhere = (each: string): boolean => each.endsWith(' tlsroutes.gateway.networking.k8s.io');
const granted = new Set(roles.flatMap(({ cluster, consortia, own }) => [...cluster, ...consortia, ...own]).flatMap(({ apiGroups, resources, verbs }) =>
  apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => usage(verb, group, resource))))));

/** Holds a form of the cluster to what Guildhall uses of Kubernetes. */
export function conforms({ name, skip, start, more = [], runsPods = false, cannot = {}, without = [] }: Form): void {
  describe(name, { skip }, () => {
    const scenarios = [...common, ...more].filter(({ isKubelet = false }) => !(isKubelet && runsPods));
    let cluster: ClusterUnderTest;
    const tell = ({ name: story, run, needs }: Scenario): void => void test(story, { skip: (needs && cannot[needs]) ?? false }, () => run(cluster));
    before(async () => {
      cluster = await start();
      await installDefinitions(cluster);
    });
    after(() => cluster?.stop());
    describe('side by side', { concurrency: 4 }, () => {
      for (const each of scenarios) if (!each.alone) tell(each);
    });
    for (const each of scenarios) if (each.alone) tell(each);
    test('every verb that a component may use on a kind was used here', () => {
      assert.deepEqual([...granted].filter((each) => !without.includes(each) && !elsewhere(each) && !cluster.used.has(each)), []);
    });
  });
}
