import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ConfigMap, type Pod } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { refreshFolder } from './refresh-folder.ts';

const namespace = 'gh-trade--acme';
const peer = { metadata: { namespace, name: 'peer0' } } as Node;

/** A cluster whose caches follow at once. */
function cluster() {
  const folder = { metadata: { namespace, name: 'peer0-contracts' }, data: {} as Record<string, string> } as ConfigMap;
  const pod = { metadata: { namespace, name: 'peer0-0' } } as Pod;
  const known = { folder: folder as ConfigMap | undefined, pod: pod as Pod | undefined };
  const patched: unknown[] = [];
  let refusal: Error | undefined;
  const context = {
    client: {
      mergePatch: (_type: unknown, ref: object, { metadata }: { metadata: Pod['metadata'] }) => {
        if (refusal !== undefined) return Promise.reject(refusal);
        patched.push(ref);
        Object.assign(pod.metadata, metadata);
        return Promise.resolve(pod);
      },
    },
    informers: { configMaps: { get: () => known.folder }, pods: { get: () => known.pod } },
  } as unknown as OperatorContext;
  return { context, folder, known, patched, refuse: (error: Error) => void (refusal = error) };
}

test('a peer’s pod is touched once for each content of its folder', async () => {
  const { context, folder, patched } = cluster();
  folder.data = { 'loans_1-ab.json': '10.0.0.1:9999' };
  assert.deepEqual([await refreshFolder(context, peer), await refreshFolder(context, peer)], [true, false]);
  folder.data = { ...folder.data, 'loans_2-cd.json': '10.0.0.2:9999' };
  assert.deepEqual([await refreshFolder(context, peer), await refreshFolder(context, peer)], [true, false]);
  assert.deepEqual(patched, [{ namespace, name: 'peer0-0' }, { namespace, name: 'peer0-0' }]);
});

test('a pod that is not there has nothing to be refreshed: the next one reads what is there', async () => {
  const { context, known, refuse } = cluster();
  refuse(new ApiError(404, 'NotFound', 'pods "peer0-0" not found'));
  assert.equal(await refreshFolder(context, peer), false);
  known.pod = undefined;
  assert.equal(await refreshFolder(context, peer), false);
});

test('any other refusal goes on', async () => {
  const { context, refuse } = cluster();
  refuse(new Error('no'));
  await assert.rejects(refreshFolder(context, peer), /no/);
});
