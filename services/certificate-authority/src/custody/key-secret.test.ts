import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, test } from 'node:test';
import { namespaces, secrets, systemClock, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { openKeySecret } from './key-secret.ts';

const secret = { namespace: 'guildhall', name: 'guildhall-key-encryption-key' };
const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);
let client: KubernetesClient;
beforeEach(async () => {
  const cluster = await createInMemoryCluster({ clock: systemClock });
  client = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  await client.create(namespaces, { metadata: { name: secret.namespace } });
});

test('where there is none and nothing is encrypted, one key is made, however many begin at once', async () => {
  const keys = await Promise.all(Array.from({ length: 5 }, () => openKeySecret(client, secret, yes)));
  assert.equal(new Set(keys.map(({ id }) => id)).size, 1);
  assert.equal((await openKeySecret(client, secret, no)).id, keys[0]?.id);
  assert.equal((await client.get(secrets, secret))?.immutable, true);
});

test('one that is lost is not replaced: its loss is told, with what to do', async () => {
  await assert.rejects(openKeySecret(client, secret, no), /Secret guildhall\/guildhall-key-encryption-key is unusable: it is not there, but keys in the database are encrypted with it; restore it from its backup/);
  assert.equal(await client.get(secrets, secret), undefined);
});

test('one that holds something else is refused', async () => {
  await client.create(secrets, { metadata: secret, data: { key: randomBytes(16).toString('base64') } });
  await assert.rejects(openKeySecret(client, secret, yes), /has 16 bytes instead of 32/);
});
