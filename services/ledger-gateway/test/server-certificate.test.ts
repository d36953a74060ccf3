import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configMaps, namespaces, secrets, silentLogger, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal } from '@guildhall/local-cluster';
import { parseCertificatePem } from '@guildhall/pki';
import { componentRoles, rulesWithNamespaces } from '@guildhall/resources';
import { openSsl } from '../../../packages/pki/test/openssl.ts';
import { makeServerCertificate } from '../src/server-certificate/certificate.ts';
import { createCertificateKeeper, type CertificateKeeper } from '../src/server-certificate/keeper.ts';

const namespace = 'guildhall';
const names = ['guildhall-ledger-gateway.guildhall.svc'];
const secret = { namespace, name: 'guildhall-ledger-gateway-tls' };
const authority = { namespace, name: 'guildhall-ledger-gateway-ca' };
const DAY_MS = 24 * 60 * 60_000;

/** A cluster and keepers in it, each with the rights of its role; the time is what a test says. */
async function startWorld() {
  const cluster = await createInMemoryCluster();
  const admin = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  await admin.apply(namespaces, { metadata: { name: namespace } });
  const time = { now: Date.now() };
  const connect = (): KubernetesClient => cluster.connect({ name: 'guildhall-ledger-gateway', rules: rulesWithNamespaces(componentRoles.ledgerGateway) }, { fieldManager: 'guildhall-ledger-gateway' });
  const keeper = (client: Pick<KubernetesClient, 'get' | 'create' | 'mergePatch'> = connect()): CertificateKeeper => createCertificateKeeper({ client, namespace, names, now: () => time.now, logger: silentLogger });
  const trusted = async (): Promise<string> => (await admin.get(configMaps, authority))?.data?.['ca.crt'] ?? '';
  return { admin, time, connect, keeper, trusted };
}

test('replicas that start at once agree on one certificate', async () => {
  const { keeper, trusted, admin } = await startWorld();
  const found = await Promise.all(Array.from({ length: 5 }, () => keeper().pass()));
  assert.deepEqual(new Set(found.map(({ certificate }) => certificate)).size, 1);
  assert.equal(await trusted(), found[0]?.authority);
  const [object, map] = [await admin.get(secrets, secret), await admin.get(configMaps, authority)];
  assert.deepEqual(Object.keys(object?.data ?? {}).toSorted(), ['ca.crt', 'tls.crt', 'tls.key']);
  assert.doesNotMatch(JSON.stringify(map), /PRIVATE KEY/);
});

test('it is renewed before its end: callers learn of the next authority an hour before it is served, and of the last one until it ends', async () => {
  const { keeper, trusted, time } = await startWorld();
  const [one, other] = [keeper(), keeper()];
  const first = await one.pass();
  time.now += 61 * DAY_MS;
  assert.deepEqual(await one.pass(), first);
  const both = await trusted();
  assert.ok(both.startsWith(first.authority) && both.length > first.authority.length);
  assert.deepEqual(await other.pass(), first);
  time.now += 59 * 60_000;
  assert.deepEqual(await other.pass(), first);
  time.now += 2 * 60_000;
  const second = await other.pass();
  assert.notEqual(second.certificate, first.certificate);
  assert.ok(both.endsWith(second.authority), 'callers knew it all the time');
  assert.deepEqual(await one.pass(), second);
  assert.equal(await trusted(), second.authority + first.authority);
  time.now += 30 * DAY_MS;
  await one.pass();
  assert.equal(await trusted(), second.authority);
});

test('after a long time without a gateway, or when the Secret is deleted, emptied or spoiled, there is one that can be served', async () => {
  const { admin, keeper, trusted, time } = await startWorld();
  const seen = [await keeper().pass()];
  const anew = async (change: () => Promise<unknown> | undefined): Promise<void> => {
    await change();
    const now = await keeper().pass();
    assert.ok(seen.every(({ certificate }) => certificate !== now.certificate));
    assert.equal(parseCertificatePem(now.certificate).notAfter.getTime() > time.now + 80 * DAY_MS, true);
    assert.equal(await trusted(), now.authority);
    seen.push(now);
  };
  await anew(() => void (time.now += 200 * DAY_MS));
  await anew(() => admin.delete(secrets, secret));
  await anew(() => admin.mergePatch(secrets, secret, { data: null }));
  await anew(() => admin.mergePatch(secrets, secret, { data: { 'tls.key': Buffer.from('no key').toString('base64') } }));
});

test('what is published by hand, or taken away, is put right', async () => {
  const { admin, keeper, trusted } = await startWorld();
  const current = await keeper().pass();
  await admin.mergePatch(configMaps, authority, { data: { 'ca.crt': 'another' } });
  await keeper().pass();
  assert.equal(await trusted(), current.authority);
  await admin.delete(configMaps, authority);
  assert.deepEqual(await keeper().pass(), current);
  assert.equal(await trusted(), current.authority);
});

test('whatever write a replica dies after, another one goes on', async () => {
  for (let dieAfter = 0; dieAfter < 6; dieAfter++) {
    const { keeper, connect, time, trusted } = await startWorld();
    const client = connect();
    let writes = 0;
    const mortal = <T>(work: () => Promise<T>): Promise<T> => (writes++ < dieAfter ? work() : Promise.reject(new Error('dead')));
    const dying = keeper({
      get: (type, ref) => client.get(type, ref),
      create: (type, object) => mortal(() => client.create(type, object)),
      mergePatch: (type, ref, patch, options) => mortal(() => client.mergePatch(type, ref, patch, options)),
    });
    const live = async (): Promise<void> => {
      await dying.pass();
      time.now += 61 * DAY_MS;
      await dying.pass();
      time.now += 2 * 60 * 60_000;
      await dying.pass();
    };
    await live().catch((error: Error) => assert.equal(error.message, 'dead'));
    const served = await keeper().pass();
    assert.ok((await trusted()).includes(served.authority), `after ${dieAfter} writes`);
  }
});

test('openssl takes the certificate as that of the Service, from its authority, for servers alone', async () => {
  using tool = openSsl();
  const [name = ''] = names;
  const made = await makeServerCertificate(names, new Date());
  const later = await makeServerCertificate(names, new Date(Date.now() + 1_000));
  const certificate = tool.file('tls.crt', made.certificate);
  const authority = tool.file('ca.crt', made.authority);
  const verify = (trusted: string, ...more: string[]): boolean => tool.run('verify', '-x509_strict', ...more, '-CAfile', trusted, certificate).ok;
  const asServer = ['-purpose', 'sslserver', '-verify_hostname', name];
  assert.ok(verify(authority, ...asServer));
  // As callers have them while one takes over from another, in either order.
  for (const both of [later.authority + made.authority, made.authority + later.authority]) assert.ok(verify(tool.file('both.crt', both), ...asServer));
  assert.equal(verify(tool.file('other.crt', later.authority), ...asServer), false);
  assert.equal(verify(authority, '-purpose', 'sslserver', '-verify_hostname', 'guildhall-ledger-gateway.other.svc'), false);
  assert.equal(verify(authority, '-purpose', 'sslclient'), false);
  const told = tool.run('x509', '-in', certificate, '-noout', '-text').output;
  for (const words of [/ASN1 OID: prime256v1/, /Signature Algorithm: ecdsa-with-SHA256/, /CA:FALSE/, /TLS Web Server Authentication/, new RegExp(`DNS:${name.replaceAll('.', '\\.')}\\s`)]) assert.match(told, words);
  assert.match(tool.run('x509', '-in', authority, '-noout', '-text').output, /CA:TRUE, pathlen:0/);
  assert.equal(tool.run('pkey', '-in', tool.file('tls.key', made.key), '-pubout').output, tool.run('x509', '-in', certificate, '-noout', '-pubkey').output);
});
