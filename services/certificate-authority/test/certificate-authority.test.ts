import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { buildProposal, randomNonce, verifySignature } from '@guildhall/fabric';
import { contractPackage } from '@guildhall/agreement';
import {
  customResourceDefinitions,
  namespaces,
  services,
  systemClock,
  type Clock,
  type KubernetesClient,
  type Logger,
  type KubernetesObject,
  type ResourceType,
} from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal, type Cluster } from '@guildhall/local-cluster';
import { createCertificateRequest, createSigner, generateKeyPair, parseCertificatePem } from '@guildhall/pki';
import {
  certificateRequest,
  componentRoles,
  consortium,
  contract,
  contractInstallation,
  crd,
  fieldManagers,
  kinds,
  labels,
  member,
  node,
  signingRequest,
  specDigest,
  type CertificateRequest,
  type Member,
  type SigningRequest,
} from '@guildhall/resources';
import { createCertificateAuthority } from '../src/index.ts';
import { startBackend, type Backend } from './fixtures.ts';

const namespace = 'gh-demo--bank';
let backend: Backend;
let cluster: Cluster;
let client: KubernetesClient;
let running: { stop(): Promise<void> }[] = [];
const logged: string[] = [];
const log = (fields: object, message: string): void => void logged.push(inspect(fields, { depth: 8 }) + message);
const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger };

before(async () => {
  backend = await startBackend();
});
after(() => backend.stop());

beforeEach(async () => {
  cluster = await createInMemoryCluster({
    clock: systemClock,
    ids: { uid: () => crypto.randomUUID(), suffix: () => crypto.randomUUID().slice(0, 5) },
  });
  client = cluster.connect(systemPrincipal, { fieldManager: 'tester' });
  for (const kind of kinds) await client.apply(customResourceDefinitions, crd(kind) as never);
  for (const name of ['gh-demo', namespace]) await client.create(namespaces, { metadata: { name } });
});
afterEach(async () => {
  await Promise.all(running.map((process) => process.stop()));
  running = [];
});

/** One process of the service, with the rights of its role and no more. */
function start({ databaseUrl = backend.url, clock = systemClock }: { databaseUrl?: string; clock?: Clock } = {}): { stop(): Promise<void>; health: ReturnType<typeof createCertificateAuthority>['health'] } {
  const { cluster: everywhere, consortia } = componentRoles.certificateAuthority;
  const rules = [...everywhere, ...consortia.map((rule) => ({ ...rule, namespaces: ['gh-*'] }))];
  const own = cluster.connect({ name: 'certificate-authority', rules }, { fieldManager: fieldManagers.certificateAuthority });
  const authority = createCertificateAuthority({ databaseUrl, client: own, keyEncryptionKey: backend.keyEncryptionKey, logger, clock });
  const stopping = new AbortController();
  const ended = authority.start(stopping.signal);
  const handle = {
    health: () => authority.health(),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
  running.push(handle);
  return handle;
}

const applyMember = (): Promise<Member> =>
  client.apply(member.type, {
    metadata: { namespace, name: 'bank' },
    spec: { consortium: { namespace: 'gh-demo', name: 'demo' }, mspId: 'BankMSP', roles: ['endorsing'], applicationRoles: ['bank'] },
  });

/** Follows one object until it is as it should be. */
async function until<T extends KubernetesObject>(type: ResourceType<T>, name: string, good: (object: T) => boolean): Promise<T> {
  const stopping = new AbortController();
  try {
    const { resourceVersion } = await client.list(type, { namespace });
    const now = await client.get(type, { namespace, name });
    if (now !== undefined && good(now)) return now;
    for await (const event of client.watch(type, { namespace, resourceVersion, signal: stopping.signal })) {
      if (event.type !== 'BOOKMARK' && event.object.metadata.name === name && good(event.object)) return event.object;
    }
    throw new Error('the watch ended');
  } finally {
    stopping.abort();
  }
}

const standing = (object: CertificateRequest | SigningRequest): string =>
  object.status?.conditions
    ?.map(({ type, status, reason }) => `${type}=${status}:${reason}`)
    .toSorted()
    .join(' ') ?? '';

async function ask(name: string, spec: Omit<CertificateRequest['spec'], 'csr'>, requestLabels: Record<string, string> = {}): Promise<void> {
  const csr = await createCertificateRequest(
    { subject: [{ type: 'CN', value: 'x' }] },
    createSigner((await generateKeyPair()).privateKeyPem),
  );
  await client.create(certificateRequest.type, { metadata: { namespace, name, labels: requestLabels }, spec: { ...spec, csr } });
}

test("a Member's authorities are published beside what others say of it, and stay over restarts", async () => {
  await applyMember();
  const operator = cluster.connect(systemPrincipal, { fieldManager: fieldManagers.operator });
  await operator.applyStatus(member.type, { metadata: { namespace, name: 'bank' }, status: { nodes: { total: 1, ready: 0 } } });
  const first = start();
  const published = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  assert.deepEqual(published.status?.nodes, { total: 1, ready: 0 });
  await first.stop();
  // Whoever overwrites the published roots does not change them.
  await client.applyStatus(
    member.type,
    {
      metadata: { namespace, name: 'bank' },
      status: { certificateAuthority: { ...published.status?.certificateAuthority, admin: { certificate: 'forged' } } },
    },
    { force: true },
  );
  start();
  const again = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority?.admin.certificate !== 'forged');
  assert.deepEqual(again.status?.certificateAuthority, published.status?.certificateAuthority);
});

test('requests are answered as soon as what they need is there, and denied with the reason', async () => {
  start();
  await ask('waiting', { profile: 'node-tls', node: 'peer0', service: 'peer0' });
  await ask('client', { profile: 'client', role: 'bank' }, { [labels.component]: 'ledger-gateway' });
  await ask('forbidden', { profile: 'client', role: 'auditor' }, { [labels.component]: 'ledger-gateway' });
  await until(
    certificateRequest.type,
    'waiting',
    (request) => standing(request) === 'Ready=False:WaitingForMember Reconciling=True:WaitingForMember',
  );
  await applyMember();
  const client1 = await until(certificateRequest.type, 'client', (request) => request.status?.certificate !== undefined);
  assert.equal(standing(client1), 'Ready=True:Issued');
  assert.deepEqual(parseCertificatePem(client1.status?.certificate ?? '').extensions.fabricAttributes, { 'gh.role': 'bank' });
  assert.equal(client1.status?.chain?.startsWith(client1.status.certificate ?? '-'), true);
  const forbidden = await until(
    certificateRequest.type,
    'forbidden',
    (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied',
  );
  assert.match(forbidden.status?.conditions?.[0]?.message ?? '', /does not act as auditor/);
  await until(certificateRequest.type, 'waiting', (request) => standing(request).includes('WaitingForReference'));
  await client.apply(node.type, { metadata: { namespace, name: 'peer0' }, spec: { member: 'bank', role: 'peer' } });
  await client.apply(services, {
    metadata: { namespace, name: 'peer0', labels: { [labels.node]: 'peer0' } },
    spec: { ports: [{ port: 7051 }] },
  });
  const tls = await until(certificateRequest.type, 'waiting', (request) => request.status?.certificate !== undefined);
  const names = parseCertificatePem(tls.status?.certificate ?? '').extensions.subjectAlternativeNames.map(({ value }) => value);
  assert(names.includes('peer0.gh-demo--bank.svc') && names.some((name) => name.startsWith('10.96.')), names.join());
});

test('what a gateway asked for and left behind is removed, and nothing else is', async () => {
  const gateway = { [labels.component]: 'ledger-gateway' };
  await applyMember();
  const first = start();
  await ask('taken', { profile: 'client' }, gateway);
  await ask('denied', { profile: 'client', role: 'auditor' }, gateway);
  await ask('operator', { profile: 'operator-client' });
  for (const name of ['taken', 'denied', 'operator'])
    await until(certificateRequest.type, name, ({ status }) => status?.conditions?.some(({ reason }) => reason === 'Issued' || reason === 'Denied') ?? false);
  await first.stop();
  await ask('unanswered', { profile: 'client' }, gateway);
  start({ clock: { ...systemClock, now: () => Date.now() + 10 * 60_000 } });
  const names = async (): Promise<string[]> => (await client.list(certificateRequest.type, { namespace })).items.map(({ metadata }) => metadata.name);
  while ((await names()).length > 1) await delay(10);
  assert.deepEqual(await names(), ['operator']);
});

test('who asks for a Node that has its key gets none, and is told of', async () => {
  start();
  await applyMember();
  await client.apply(node.type, { metadata: { namespace, name: 'peer0' }, spec: { member: 'bank', role: 'peer' } });
  await ask('first', { profile: 'peer', node: 'peer0' });
  await until(certificateRequest.type, 'first', ({ status }) => status?.certificate !== undefined);
  await ask('second', { profile: 'peer', node: 'peer0' });
  const second = await until(certificateRequest.type, 'second', (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied');
  assert.match(second.status?.conditions?.[0]?.message ?? '', /Node peer0 has a peer certificate for another key/);
  assert.equal(second.status?.certificate, undefined);
  const audited = await backend.database.selectFrom('audit').select('outcome').where('request_uid', '=', second.metadata.uid ?? '').execute();
  assert.deepEqual(audited, [{ outcome: 'denied' }]);
});

async function consentToContract(): Promise<SigningRequest['spec']['intent']> {
  await applyMember();
  await client.apply(consortium.type, {
    metadata: { namespace: 'gh-demo', name: 'demo' },
    spec: { ledger: { engine: 'fabric', version: '3.1' }, members: [{ name: 'bank', mspId: 'BankMSP', namespace }] },
  });
  const agreed = await client.apply(contract.type, {
    metadata: { namespace: 'gh-demo', name: 'receivable' },
    spec: { channel: 'trade', version: '1.0.0', artifactDigest: `sha256:${'a1'.repeat(32)}` },
  });
  const consent = await client.apply(contractInstallation.type, {
    metadata: { namespace, name: 'receivable' },
    spec: {
      contract: { namespace: 'gh-demo', name: 'receivable' },
      contractDigest: specDigest(agreed.spec),
      artifactDigest: agreed.spec.artifactDigest,
      peers: ['peer0'],
    },
  });
  const { name, uid = '', generation = 0 } = consent.metadata;
  return { kind: 'ContractInstallation', name, uid, generation, digest: specDigest(consent.spec) };
}

test('a consented install is signed by the hosted administrator, one whose code differs is not, and both are on record', async () => {
  start();
  const intent = await consentToContract();
  const published = await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  const creator = { mspId: 'BankMSP', certificate: published.status?.certificateAuthority?.admin.certificate ?? '' };
  const proposal = (digest: string) =>
    buildProposal(
      { kind: 'InstallChaincode', package: contractPackage('receivable', { version: '1.0.0', artifactDigest: `sha256:${digest}` }).bytes },
      { creator, nonce: randomNonce(), timestamp: new Date() },
    ).bytes;
  const [good, bad] = [proposal('a1'.repeat(32)), proposal('b2'.repeat(32))];
  for (const [name, message] of [
    ['good', good],
    ['bad', bad],
  ] as const) {
    await client.create(signingRequest.type, {
      metadata: { namespace, name },
      spec: { purpose: 'install-contract', intent, message: Buffer.from(message).toString('base64') },
    });
  }
  const signed = await until(signingRequest.type, 'good', (request) => standing(request) === 'Ready=True:Signed');
  assert(verifySignature(creator, good, Buffer.from(signed.status?.signature ?? '', 'base64')));
  assert.equal(signed.status?.certificate, creator.certificate);
  const denied = await until(signingRequest.type, 'bad', (request) => standing(request) === 'Ready=False:Denied Stalled=True:Denied');
  assert.equal(denied.status?.signature, undefined);
  const audited = await backend.database.selectFrom('audit').select(['request_uid', 'outcome']).where('action', '=', 'sign').execute();
  const outcomeOf = ({ metadata }: SigningRequest) => audited.find(({ request_uid }) => request_uid === metadata.uid)?.outcome;
  assert.deepEqual([outcomeOf(signed), outcomeOf(denied)], ['done', 'denied']);
});

test('two processes at once answer each request once, with one answer', async () => {
  await applyMember();
  start();
  start();
  const names = Array.from({ length: 10 }, (_, index) => `request-${index}`);
  await Promise.all(names.map((name) => ask(name, { profile: 'operator-client' })));
  for (const name of names) {
    const request = await until(certificateRequest.type, name, ({ status }) => status?.certificate !== undefined);
    const rows = await backend.database
      .selectFrom('certificates')
      .select('certificate')
      .where('request_uid', '=', request.metadata.uid ?? '')
      .execute();
    assert.deepEqual(rows, [{ certificate: request.status?.certificate }]);
  }
});

test('a key that does not open is told to who asked, and answered when it is mended', async () => {
  const { metadata } = await applyMember();
  const first = start();
  await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  await first.stop();
  const credential = backend.database.updateTable('credentials').where('member_uid', '=', metadata.uid ?? '').where('use', '=', 'signing-issuing');
  const { sealed_key: sealed } = await backend.database
    .selectFrom('credentials')
    .select('sealed_key')
    .where('member_uid', '=', metadata.uid ?? '')
    .where('use', '=', 'signing-issuing')
    .executeTakeFirstOrThrow();
  await credential.set({ sealed_key: Buffer.from('damaged') }).execute();
  start();
  await ask('request', { profile: 'operator-client' });
  const told = await until(certificateRequest.type, 'request', (request) => standing(request) === 'Ready=False:Failed Reconciling=True:Failed');
  assert.match(told.status?.conditions?.[0]?.message ?? '', /cannot answer: credentials\.sealed_key .* does not open/);
  await credential.set({ sealed_key: sealed }).execute();
  await until(certificateRequest.type, 'request', (request) => standing(request) === 'Ready=True:Issued');
});

test('without its database it says so, and waits', async () => {
  const unreachable = new URL(backend.url);
  unreachable.port = '1';
  const waiting = start({ databaseUrl: unreachable.href });
  while (waiting.health().ready.checks.database === 'the schema is not up to date yet') await delay(10);
  assert.match(waiting.health().ready.checks.database ?? '', /ECONNREFUSED/);
  assert.equal(waiting.health().ready.ok, false);
});

test('an outage of the database costs nothing: what was asked meanwhile is answered after it', async () => {
  await applyMember();
  const service = start();
  await until(member.type, 'bank', ({ status }) => status?.certificateAuthority !== undefined);
  await backend.server.halt();
  await ask('during', { profile: 'operator-client' });
  while (service.health().ready.ok) await delay(20);
  assert.match(service.health().ready.checks.database ?? '', /does not answer/);
  await backend.server.resume();
  const answered = await until(certificateRequest.type, 'during', ({ status }) => status?.certificate !== undefined);
  assert.equal(standing(answered), 'Ready=True:Issued');
  while (!service.health().ready.ok) await delay(20);
});

test('no log line holds a private key', () => {
  assert(logged.length > 0);
  for (const line of logged) assert(!line.includes('PRIVATE'), line);
});
