import assert from 'node:assert/strict';
import { machines, namespaces } from '@guildhall/kubernetes';
import { builtInSamples, bodyIn, guildhallSamples, type Sample } from '../samples.ts';
import { anyType, eventually, observe, ownership, scenario, type Scenario, type Thing } from './scenario.ts';

const name = 'thing';

const life = (sample: Sample): Scenario =>
  scenario(`${sample.type.kind}: made, read, listed, watched, changed, given a status and deleted`, async (cluster) => {
    const type = anyType(sample.type);
    const client = cluster.client('tester');
    const namespace = await cluster.namespace();
    const ref = { namespace, name };
    const metadata = { name, namespace, labels: { 'guildhall.dev/test': 'yes' } };
    const body = bodyIn(namespace, sample);
    const selected = { namespace, labelSelector: 'guildhall.dev/test=yes' };
    const watch = observe(client, type, { ...selected, resourceVersion: (await client.list(type, selected)).resourceVersion });

    const alone = cluster.atWork?.has(type.kind) !== true;
    const isSame = (found: Thing | undefined, expected: Thing): void => (alone ? assert.deepEqual(found, expected) : assert.equal(found?.metadata.uid, expected.metadata.uid));
    const made = await client.create(type, { ...body, metadata });
    assert.ok(made.metadata.uid && made.metadata.creationTimestamp && made.metadata.resourceVersion);
    isSame(await client.get(type, ref), made);
    const listed = await client.list(type, selected);
    assert.equal(listed.items.length, 1);
    isSame(listed.items[0], made);
    await assert.rejects(client.create(type, { ...body, metadata }), { status: 409, reason: 'AlreadyExists' });

    let current = made;
    if (sample.change) {
      current = await client.mergePatch(type, ref, sample.change);
      assert.notEqual(current.metadata.resourceVersion, made.metadata.resourceVersion);
      if (made.metadata.generation !== undefined) assert.equal(current.metadata.generation, made.metadata.generation + 1);
      const same = await client.mergePatch(type, ref, sample.change);
      if (alone) assert.equal(same.metadata.resourceVersion, current.metadata.resourceVersion, 'a patch that changes nothing writes nothing');
    }
    if (sample.status && alone) {
      const { generation } = current.metadata;
      const ignored = await client.mergePatch(type, ref, { status: sample.status });
      assert.deepEqual(ignored.status, current.status, 'the main resource leaves the status alone');
      current = await client.mergePatch(type, ref, { status: sample.status, spec: { nonsense: 1 } }, { subresource: 'status' }).catch(() => client.mergePatch(type, ref, { status: sample.status }, { subresource: 'status' }));
      assert.partialDeepStrictEqual(current.status, sample.status);
      assert.equal(current.metadata.generation, generation, 'a status is not a new generation');
    }
    await client.delete(type, ref, { uid: made.metadata.uid });
    await eventually('it is gone', async () => (await client.get(type, ref)) === undefined);
    await client.delete(type, ref);

    await eventually('its end is told', async () => watch.seen.at(-1) === `DELETED ${name}`);
    const [first, ...changes] = watch.seen.slice(0, -1);
    assert.equal(first, `ADDED ${name}`);
    assert.ok(changes.every((change) => change === `MODIFIED ${name}`) && (changes.length > 0 || !(sample.change || sample.status)), changes.join());
    await watch.stop();
  });

const applying = (sample: Sample): Scenario =>
  scenario(`${sample.type.kind}: applied again, it is not written again, and only what was applied is owned`, async (cluster) => {
    const type = anyType(sample.type);
    const client = cluster.client('applier');
    const namespace = await cluster.namespace();
    const object = { ...bodyIn(namespace, sample), metadata: { name, namespace, labels: { a: 'b' } } };
    const made = await client.apply(type, object, { force: true });
    // Kubernetes writes a claim's quantities once more, then it rests.
    const again = await client.apply(type, object, { force: true });
    const settled = await client.apply(type, object, { force: true });
    if (cluster.atWork?.has(type.kind) !== true) assert.equal(settled.metadata.resourceVersion, again.metadata.resourceVersion);
    const managers = Object.keys(ownership(made));
    assert.deepEqual(managers, ['applier Apply']);
  });

const namespaceLife = scenario('Namespace: applied, watched, listed, applied again, changed and deleted', async (cluster) => {
  const client = cluster.client('applier');
  const unique = await cluster.namespace();
  const own = `${unique}-own`;
  const labelSelector = `guildhall.dev/test=${unique}`;
  const applied = (labels: Record<string, string>) => ({ metadata: { name: own, labels: { 'guildhall.dev/test': unique, ...labels } } });
  const { resourceVersion } = await client.list(namespaces, { labelSelector });
  const watch = observe(client, namespaces, { resourceVersion, labelSelector });
  const made = await client.apply(namespaces, applied({ a: '1' }));
  assert.deepEqual(made.metadata.labels, { 'guildhall.dev/test': unique, a: '1', 'kubernetes.io/metadata.name': own });
  assert.equal((await client.apply(namespaces, applied({ a: '1' }))).metadata.resourceVersion, made.metadata.resourceVersion);
  assert.deepEqual((await client.list(namespaces, { labelSelector })).items.map((item) => item.metadata.name), [own]);
  assert.equal((await client.apply(namespaces, applied({}))).metadata.labels?.['a'], undefined);
  await client.delete(namespaces, { name: own }, { uid: made.metadata.uid });
  await eventually('it is gone', async () => (await client.get(namespaces, { name: own })) === undefined);
  await eventually('its end is told', async () => watch.seen.at(-1) === `DELETED ${own}`);
  assert.deepEqual(watch.seen.slice(0, 2), [`ADDED ${own}`, `MODIFIED ${own}`]);
  await watch.stop();
});

const machineLife = scenario('Node of the cluster: read, listed and watched', async (cluster) => {
  const client = cluster.client('tester');
  const own = `${await cluster.namespace()}-machine`;
  const labelSelector = `guildhall.dev/test=${own}`;
  const { resourceVersion } = await client.list(machines, { labelSelector });
  const watch = observe(client, machines, { resourceVersion, labelSelector });
  await client.create(machines, { metadata: { name: own, labels: { 'guildhall.dev/test': own } } });
  await client.mergePatch(machines, { name: own }, { spec: { unschedulable: true } });
  assert.equal((await client.get(machines, { name: own }))?.spec?.unschedulable, true);
  await client.delete(machines, { name: own });
  await eventually('its end is told', async () => watch.seen.at(-1) === `DELETED ${own}`);
  await watch.stop();
});

export const kinds: Scenario[] = [namespaceLife, machineLife, ...[...guildhallSamples, ...builtInSamples].flatMap((sample) => [life(sample), applying(sample)])];
