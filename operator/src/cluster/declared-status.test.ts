import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, silentLogger, type KubernetesClient } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { node } from '@guildhall/resources';
import { leavingOutUndeclared } from './declared-status.ts';

const metadata = { namespace: 'gh-acme--core', name: 'peer0' };
const status = { version: '3.1.0', pod: { name: 'peer0-0' }, channels: [{ name: 'trade', height: 3, lag: 0 }, { name: 'loans', height: 1, lag: 0 }] };

/** As the API server answers when a kind has none of these fields. */
function clusterWithout(fields: readonly string[]) {
  const cluster = { fields, sent: [] as object[] };
  const applyStatus = (_type: unknown, { status }: { status: object }): Promise<unknown> => {
    cluster.sent.push(status);
    const text = JSON.stringify(status);
    const refused = cluster.fields.filter((field) => text.includes(`"${field.split('.').at(-1)}":`));
    if (refused.length === 0) return Promise.resolve({});
    return Promise.reject(new ApiError(500, 'InternalError', `apply Node: 500 InternalError: failed to create typed patch object: ${refused.map((field) => `.status.${field}: field not declared in schema`).join('\n  ')}`));
  };
  return { cluster, client: { applyStatus } as unknown as Pick<KubernetesClient, 'applyStatus'> };
}

test('what an older kind does not have is left out, and tried again after a while', async () => {
  const clock = createFakeClock();
  const { cluster, client } = clusterWithout(['pod', 'channels[name="trade"].lag']);
  const { applyStatus } = leavingOutUndeclared(client, clock, silentLogger);
  const told = { version: '3.1.0', channels: [{ name: 'trade', height: 3 }, { name: 'loans', height: 1 }] };
  await applyStatus(node.type, { metadata, status });
  assert.deepEqual(cluster.sent, [status, told]);
  await applyStatus(node.type, { metadata, status });
  assert.deepEqual(cluster.sent.splice(0), [status, told, told], 'it is known for a while');
  cluster.fields = [];
  await clock.advance(60_000);
  await applyStatus(node.type, { metadata, status });
  assert.deepEqual(cluster.sent, [status], 'the kind may be newer by then');
});

test('other refusals, and one that leaving out does not end, are told', async () => {
  const refusing = (refusal: ApiError) => leavingOutUndeclared({ applyStatus: () => Promise.reject(refusal) }, createFakeClock(), silentLogger);
  await assert.rejects(refusing(new ApiError(422, 'Invalid', '.status.version: too long')).applyStatus(node.type, { metadata, status }), /too long/);
  await assert.rejects(refusing(new ApiError(500, 'InternalError', '.status.pod: field not declared in schema')).applyStatus(node.type, { metadata, status }), /not declared/);
});
