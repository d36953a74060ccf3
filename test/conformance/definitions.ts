import { customResourceDefinitions } from '@guildhall/kubernetes';
import { crd, kinds } from '@guildhall/resources';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import { eventually } from './scenarios/scenario.ts';

/** Installs Guildhall's definitions and waits until all kinds are served. */
export async function installDefinitions(cluster: ClusterUnderTest): Promise<void> {
  const client = cluster.client('installer');
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as never);
  for (const { type } of kinds) {
    await eventually(`${type.kind} is served`, async () => (await cluster.request('GET', `/apis/${type.group}/${type.version}/${type.plural}`)).status === 200);
  }
  await cluster.installed();
}
