import assert from 'node:assert/strict';
import { builtInSamples, bodyIn, guildhallSamples, type Sample } from '../samples.ts';
import { anyType, eventually, ownership, scenario, type Scenario } from './scenario.ts';

const name = 'thing';

const life = (sample: Sample): Scenario =>
  scenario(`${sample.type.kind}: made, read, listed, changed, given a status and deleted`, async (cluster) => {
    const type = anyType(sample.type);
    const client = cluster.client('tester');
    const namespace = await cluster.namespace();
    const ref = { namespace, name };
    const metadata = { name, namespace, labels: { 'guildhall.dev/test': 'yes' } };
    const body = bodyIn(namespace, sample);

    const made = await client.create(type, { ...body, metadata });
    assert.ok(made.metadata.uid && made.metadata.creationTimestamp && made.metadata.resourceVersion);
    assert.deepEqual(await client.get(type, ref), made);
    const listed = await client.list(type, { namespace, labelSelector: 'guildhall.dev/test=yes' });
    assert.deepEqual(listed.items, [made]);
    await assert.rejects(client.create(type, { ...body, metadata }), { status: 409, reason: 'AlreadyExists' });

    let current = made;
    if (sample.change) {
      current = await client.mergePatch(type, ref, sample.change);
      assert.notEqual(current.metadata.resourceVersion, made.metadata.resourceVersion);
      if (made.metadata.generation !== undefined) assert.equal(current.metadata.generation, made.metadata.generation + 1);
      const same = await client.mergePatch(type, ref, sample.change);
      assert.equal(same.metadata.resourceVersion, current.metadata.resourceVersion, 'a patch that changes nothing writes nothing');
    }
    if (sample.status) {
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
    assert.equal(settled.metadata.resourceVersion, again.metadata.resourceVersion);
    const managers = Object.keys(ownership(made));
    assert.deepEqual(managers, ['applier Apply']);
  });

export const kinds: Scenario[] = [...guildhallSamples, ...builtInSamples].flatMap((sample) => [life(sample), applying(sample)]);
