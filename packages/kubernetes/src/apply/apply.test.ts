import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createMemoryApi } from '../../test/support/memory-api.ts';
import { memoryClient } from '../../test/support/memory-client.ts';
import type { KubernetesClient } from '../client/api.ts';
import { type ConfigMap, configMaps } from '../core.ts';
import { createFaultPlan, type FaultPlan } from '../testing/faults.ts';
import type { Applied, KubernetesObject, ResourceType } from '../types.ts';
import { appliedAnnotation, applyIfChanged, applyOwned, applyStatusIfChanged } from './apply.ts';
import { canonicalJson, contains, digestOf } from './compare.ts';

describe('whether an object is as desired', () => {
  it('does not mind defaults and what others own', () => {
    assert.ok(contains({ a: 1, defaulted: true, list: [{ name: 'x', more: 1 }] }, { a: 1, list: [{ name: 'x' }] }));
    assert.ok(contains({ finalizers: ['theirs', 'ours'] }, { finalizers: ['ours'] }));
    assert.ok(contains({ spec: {} }, { spec: {}, empty: {}, none: [], absent: undefined, off: false, zero: 0, blank: '' }));
  });

  it('minds what was changed, taken away, or put into a list of ours', () => {
    for (const [current, desired] of [
      [{ a: 2 }, { a: 1 }],
      [{}, { a: 1 }],
      [{ list: [1, 2] }, { list: [1] }],
      [{ list: [{ name: 'y' }] }, { list: [{ name: 'x' }] }],
      [{ list: [1] }, { list: [] }],
      [{ finalizers: ['theirs'] }, { finalizers: ['ours'] }],
      [{ on: true }, { on: false }],
      [{ a: 'text' }, { a: { b: 1 } }],
      [undefined, { a: 1 }],
    ]) assert.equal(contains(current, desired), false, JSON.stringify([current, desired]));
  });

  it('has one text and one digest, however the fields are ordered', () => {
    assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: 1 }), '{"a":1,"b":[{"c":2,"d":1}]}');
    assert.equal(digestOf({ a: 1, b: 2 }), digestOf({ b: 2, a: 1 }));
    assert.notEqual(digestOf({ a: 1 }), digestOf({ a: '1' }));
  });
});

describe('applying', () => {
  let client: KubernetesClient;
  let faults: FaultPlan;
  const desired = (data: Record<string, string>): Applied<ConfigMap> => ({ metadata: { name: 'a', namespace: 'n' }, data });
  const read = async (): Promise<ConfigMap> => (await client.get(configMaps, { namespace: 'n', name: 'a' }))!;

  beforeEach(() => {
    faults = createFaultPlan();
    client = memoryClient(faults.wrap(createMemoryApi().fetch), { attempts: 1 });
  });

  it('writes once, and nothing when it is run again', async () => {
    const made = await applyIfChanged(client, configMaps, desired({ key: 'value' }), undefined);
    const again = await applyIfChanged(client, configMaps, desired({ key: 'value' }), made);
    assert.equal(again, made);
    assert.equal(faults.writes.length, 1);
  });

  it('writes again when somebody changed what is ours, and not for what is theirs', async () => {
    await applyIfChanged(client, configMaps, desired({ key: 'value' }), undefined);
    await client.mergePatch(configMaps, { namespace: 'n', name: 'a' }, { data: { theirs: 'x' } });
    await applyIfChanged(client, configMaps, desired({ key: 'value' }), await read());
    assert.equal(faults.writes.length, 2);
    await client.mergePatch(configMaps, { namespace: 'n', name: 'a' }, { data: { key: 'meddled' } });
    const back = await applyIfChanged(client, configMaps, desired({ key: 'value' }), await read());
    assert.equal(back.data?.['key'], 'value');
  });

  it('writes when a field is no longer wanted, although all that is wanted is there', async () => {
    const made = await applyIfChanged(client, configMaps, desired({ key: 'value', old: 'field' }), undefined);
    const { annotations } = (await applyIfChanged(client, configMaps, desired({ key: 'value' }), made)).metadata;
    assert.equal(faults.writes.length, 2);
    assert.notEqual(annotations?.[appliedAnnotation], made.metadata.annotations?.[appliedAnnotation]);
  });

  it('forces its will on its own children, and says whose they are', async () => {
    const owner = await client.create(configMaps, { metadata: { name: 'owner', namespace: 'n' } });
    const child = await applyOwned(client, configMaps, owner, desired({}), undefined);
    assert.equal(child.metadata.ownerReferences?.[0]?.uid, owner.metadata.uid);
    assert.match(faults.writes.at(-1)!.path, /force=true/);
    await applyOwned(client, configMaps, owner, desired({}), child);
    assert.equal(faults.writes.length, 2);
  });

  it('writes a status only when it differs, leaving out what others write in it', async () => {
    interface Thing extends KubernetesObject {
      status?: { phase?: string; theirs?: string; gone?: string };
    }
    const things: ResourceType<Thing> = { group: 'example.dev', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true };
    const thing = await client.create(things, { metadata: { name: 'a', namespace: 'n' }, status: { phase: 'old', theirs: 'x' } });
    const current = await applyStatusIfChanged(client, things, thing, { phase: 'new' }, { foreign: ['theirs'] });
    assert.equal(faults.writes.length, 2);
    assert.match(faults.writes[1]!.path, /things\/a\/status\?/);
    assert.equal(await applyStatusIfChanged(client, things, current, { phase: 'new' }, { foreign: ['theirs'] }), current);
    assert.equal(faults.writes.length, 2);
    const extended: Thing = { ...current, status: { phase: 'new', gone: 'no longer written' } };
    await applyStatusIfChanged(client, things, extended, { phase: 'new' });
    assert.equal(faults.writes.length, 3);
  });
});
