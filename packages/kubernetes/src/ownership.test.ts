import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createMemoryApi } from '../test/support/memory-api.ts';
import { memoryClient } from '../test/support/memory-client.ts';
import type { KubernetesClient } from './client/api.ts';
import { type ConfigMap, configMaps } from './core.ts';
import { isConflict } from './errors.ts';
import { ensureFinalizer, hasFinalizer, isDeleting, removeFinalizer } from './finalizers.ts';
import { controllerOf, isOwnedBy, ownedBy, ownerReference } from './owner-references.ts';
import { createFaultPlan, type FaultPlan } from './testing/faults.ts';

describe('owner references', () => {
  const owner: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', namespace: 'n', uid: 'u' } };
  const child: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child', namespace: 'n' } };

  it('name the owner as controller and block its deletion', () => {
    const owned = ownedBy(owner, ownedBy(owner, child));
    assert.deepEqual(owned.metadata.ownerReferences, [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: 'u', controller: true, blockOwnerDeletion: true }]);
    assert.equal(controllerOf(owned)?.uid, 'u');
    assert.deepEqual([isOwnedBy(owned, owner), isOwnedBy(child, owner)], [true, false]);
  });

  it('are refused into another namespace and from an owner that was never read', () => {
    assert.throws(() => ownedBy(owner, { ...child, metadata: { name: 'child', namespace: 'other' } }), /ConfigMap n\/owner cannot own other\/child/);
    assert.throws(() => ownedBy(owner, { ...child, metadata: { name: 'child' } }), /cannot own \(cluster\)\/child/);
    assert.throws(() => ownerReference(child), /has no uid/);
  });
});

describe('finalizers', () => {
  const ours = 'guildhall.dev/cleanup';
  let client: KubernetesClient;
  let faults: FaultPlan;
  let object: ConfigMap;

  beforeEach(async () => {
    faults = createFaultPlan();
    client = memoryClient(faults.wrap(createMemoryApi().fetch), { attempts: 1 });
    object = await client.create(configMaps, { metadata: { name: 'a', namespace: 'n', finalizers: ['other/one'] } });
  });
  const read = (): Promise<ConfigMap | undefined> => client.get(configMaps, { namespace: 'n', name: 'a' });

  it('are added once, beside those of others, and removed last', async () => {
    const added = await ensureFinalizer(client, configMaps, object, ours);
    const writes = faults.writes.length;
    assert.equal(await ensureFinalizer(client, configMaps, added, ours), added);
    assert.equal(faults.writes.length, writes, 'what is there is not written again');
    assert.deepEqual((await read())?.metadata.finalizers, ['other/one', ours]);

    await client.delete(configMaps, { namespace: 'n', name: 'a' });
    const deleting = await read();
    assert.ok(deleting && isDeleting(deleting) && hasFinalizer(deleting, ours));
    await removeFinalizer(client, configMaps, deleting, ours);
    assert.deepEqual((await read())?.metadata.finalizers, ['other/one']);
    await removeFinalizer(client, configMaps, (await read())!, 'other/one');
    assert.equal(await read(), undefined);
    await removeFinalizer(client, configMaps, deleting, ours);
  });

  it('are not added to what is being deleted', async () => {
    await client.delete(configMaps, { namespace: 'n', name: 'a' });
    const deleting = (await read())!;
    assert.equal(await ensureFinalizer(client, configMaps, deleting, ours), deleting);
  });

  it('never take away what another has added in the meantime', async () => {
    await client.mergePatch(configMaps, { namespace: 'n', name: 'a' }, { metadata: { finalizers: ['other/one', 'other/two'] } });
    await assert.rejects(ensureFinalizer(client, configMaps, object, ours), isConflict);
    assert.deepEqual((await read())?.metadata.finalizers, ['other/one', 'other/two']);
  });
});
