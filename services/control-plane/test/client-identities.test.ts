import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import { clientIdentity, memberNamespace } from '@guildhall/resources';
import type { ControlPlane } from '../src/index.ts';
import { createClient, smallConsortium, type Client } from './client.ts';
import { startScriptedAuthority, type ScriptedAuthority } from './scripted-authority.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type Answer, type World } from './world.ts';

const consortium = 'idents';
const namespace = memberNamespace(consortium, 'core');

let world: World;
let operator: ScriptedOperator;
let authority: ScriptedAuthority;
let controlPlane: ControlPlane;
let client: Client;
before(async () => {
  world = await startWorld();
  operator = startScriptedOperator(world.admin, ({ kind }) => (kind === 'ClientIdentity' ? 'nothing' : 'ready'));
  authority = await startScriptedAuthority(world.admin);
  controlPlane = await world.start();
  client = createClient(() => controlPlane.url, await controlPlane.tokens.issueAdminToken());
  const input = smallConsortium(consortium);
  const members = input.members.map((member) => ({ ...member, applicationRoles: member.name === 'core' ? ['debtor', 'admin'] : [] }));
  await client.until(await client.begun('createConsortium', { ...input, members }), 'succeeded');
  await authority.publish(namespace, 'core');
  const root = async (): Promise<string | null | undefined> => {
    const { data } = await client.ask<{ consortium: { members: { name: string; signingRoot: string | null }[] } }>(`{ consortium(name: "${consortium}") { members { name signingRoot } } }`);
    return data.consortium.members.find(({ name }) => name === 'core')?.signingRoot;
  };
  while (!(await root())) await delay(10);
});
after(async () => {
  operator.stop();
  authority.stop();
  await controlPlane.stop();
  await world.stop();
});

interface Created {
  createClientIdentity: {
    plan: { sentences: string[]; resources: { kind: string }[] };
    identity: { id: string; name: string; mspId: string; roles: string[]; serial: string; certificate: string; chain: string; createdBy: string | null; mspFolder: { path: string; text: string }[] } | null;
    privateKey: string | null;
  };
}
const mutation = `mutation($input: CreateClientIdentityInput!, $key: String, $dryRun: Boolean) { createClientIdentity(input: $input, idempotencyKey: $key, dryRun: $dryRun) {
  plan { sentences resources { kind } } identity { id name mspId roles serial certificate chain createdBy mspFolder { path text } } privateKey } }`;
const ask = (input: Record<string, unknown>, options: { key?: string; dryRun?: boolean } = {}): Promise<Answer<Created>> => client.ask<Created>(mutation, { input: { consortium, member: 'core', ...input }, ...options });
async function create(input: Record<string, unknown>, options: { key?: string; dryRun?: boolean } = {}): Promise<Created['createClientIdentity']> {
  const { data, errors } = await ask(input, options);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data.createClientIdentity;
}
async function refused(input: Record<string, unknown>, options: { key?: string; dryRun?: boolean } = {}): Promise<string> {
  const { errors } = await ask(input, options);
  return (errors ?? []).map(({ extensions }) => `${extensions.code} ${extensions.path ?? ''}`.trim()).join();
}
const csrOf = async (privateKeyPem: string): Promise<string> => createCertificateRequest({ subject: [] }, createSigner(privateKeyPem));
const exists = async (name: string): Promise<boolean> => (await world.admin.get(clientIdentity.type, { namespace, name })) !== undefined;

test('a certificate for the key of the caller, with the folder that tools take', async () => {
  const { privateKeyPem } = await generateKeyPair();
  const { identity, privateKey } = await create({ name: 'erp', roles: ['debtor'], csr: await csrOf(privateKeyPem), validDays: 10 });
  assert.ok(identity);
  assert.equal(privateKey, null);
  assert.deepEqual([identity.name, identity.mspId, identity.roles, identity.createdBy], ['erp', 'CoreMSP', ['debtor'], 'admin']);
  assert.ok(new X509Certificate(identity.certificate).checkPrivateKey(createPrivateKey(privateKeyPem)));
  assert.ok(identity.chain.startsWith(identity.certificate));
  assert.deepEqual(identity.mspFolder.map(({ path }) => path), ['config.yaml', 'signcerts/cert.pem', 'cacerts/0.pem', 'intermediatecerts/0.pem', 'tlscacerts/0.pem', 'tlsintermediatecerts/0.pem']);
  assert.equal(identity.mspFolder.find(({ path }) => path === 'signcerts/cert.pem')?.text, identity.certificate);
});

test('a key that is made here is given out once, under a key of idempotency too, and is kept nowhere', async () => {
  const first = await create({ name: 'made', roles: ['admin'] }, { key: 'make' });
  assert.ok(new X509Certificate(first.identity?.certificate ?? '').publicKey.equals(createPublicKey(first.privateKey ?? '')));
  const again = await create({ name: 'made', roles: ['admin'] }, { key: 'make' });
  assert.deepEqual([again.identity, again.privateKey], [first.identity, null]);
  const body = (first.privateKey ?? '').split('\n').slice(1, 3).join('');
  const [stored] = await world.query<{ text: string }>(`select concat((select json_agg(p) from projections p), (select json_agg(a) from audit a), (select json_agg(r) from requests r)) as text`);
  const text = stored?.text ?? '';
  assert.ok(text.includes('"made"'));
  assert.ok(!text.includes('PRIVATE KEY') && !text.includes(body.slice(0, 60)));
  assert.ok(!JSON.stringify(await world.admin.get(clientIdentity.type, { namespace, name: 'made' })).includes('PRIVATE KEY'));
});

test('a key of idempotency is for one request, of whatever kind', async () => {
  await create({ name: 'once' }, { key: 'only' });
  assert.equal(await refused({ name: 'other' }, { key: 'only' }), 'IDEMPOTENCY_CONFLICT idempotencyKey');
  const { errors } = await client.begin('deleteConsortium', { name: consortium }, { key: 'only' });
  assert.equal(errors?.[0]?.extensions.code, 'IDEMPOTENCY_CONFLICT');
  await client.begun('createConsortium', smallConsortium('second'), { key: 'operation' });
  assert.equal(await refused({ name: 'other' }, { key: 'operation' }), 'IDEMPOTENCY_CONFLICT idempotencyKey');
  assert.equal(await exists('other'), false);
});

test('many at once under one key make one identity, and one of them has its key', async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => create({ name: 'crowd' }, { key: 'crowd' })));
  assert.equal(new Set(answers.map(({ identity }) => identity?.serial)).size, 1);
  const [only, ...more] = answers.flatMap(({ privateKey }) => privateKey ?? []);
  assert.deepEqual(more, []);
  assert.ok(new X509Certificate(answers[0]?.identity?.certificate ?? '').publicKey.equals(createPublicKey(only ?? '')));
  const audited = await world.query(`select 1 from audit where action = 'createClientIdentity' and details ->> 'name' = 'crowd'`);
  assert.equal(audited.length, 1);
});

test('what was recorded and not made, because the process was killed, is made when it is sent again', async () => {
  const input = { consortium, member: 'core', name: 'killed' };
  await create({ name: 'killed' }, { key: 'killed' });
  await world.admin.delete(clientIdentity.type, { namespace, name: 'killed' });
  const { identity, privateKey } = await create({ name: 'killed' }, { key: 'killed' });
  assert.ok(identity && privateKey, 'nobody has the key of the first, so this is another one');
  assert.equal((await world.query(`select 1 from audit where action = 'createClientIdentity' and details ->> 'name' = $1`, [input.name])).length, 1);
});

test('a dry run says what would be, and makes nothing', async () => {
  const { plan, identity, privateKey } = await create({ name: 'dry', roles: ['debtor', 'admin'] }, { dryRun: true });
  assert.deepEqual([identity, privateKey, plan.resources], [null, null, [{ kind: 'ClientIdentity' }]]);
  assert.match(plan.sentences.join(' '), /dry may act on every channel of core, in its name and as debtor, admin, for 90 days\. Guildhall makes its key/);
  assert.equal(await exists('dry'), false);
});

test('what cannot be is refused at its field, and nothing is made of it', async () => {
  await create({ name: 'taken' });
  const p384 = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
  const cases: [Record<string, unknown>, string][] = [
    [{ name: 'taken' }, 'DUPLICATE name'],
    [{ name: 'client-x' }, 'INVALID_INPUT name'],
    [{ name: 'Up' }, 'INVALID_INPUT name'],
    [{ name: 'x', roles: ['debtor', 'funder'] }, 'INVALID_INPUT roles[1]'],
    [{ name: 'x', roles: ['debtor,admin'] }, 'INVALID_INPUT roles[0]'],
    [{ name: 'x', roles: ['debtor', 'debtor'] }, 'INVALID_INPUT roles'],
    [{ name: 'x', member: 'bank', roles: ['debtor'] }, 'INVALID_INPUT roles[0]'],
    [{ name: 'x', validDays: 0 }, 'INVALID_INPUT validDays'],
    [{ name: 'x', validDays: 366 }, 'INVALID_INPUT validDays'],
    [{ name: 'x', csr: p384 }, 'INVALID_INPUT csr'],
    [{ name: 'x', csr: 'x'.repeat(20_000) }, 'INVALID_INPUT csr'],
    [{ name: 'x', member: 'nobody' }, 'NOT_FOUND member'],
    [{ name: 'x', consortium: 'nothing' }, 'NOT_FOUND consortium'],
  ];
  for (const [input, expected] of cases) {
    assert.equal(await refused(input), expected, JSON.stringify(input));
    assert.equal(await refused(input, { dryRun: true }), expected, `dry run of ${JSON.stringify(input)}`);
  }
  assert.equal(await exists('x'), false);
});

test('a refusal of the authority is told, and the name is free again', async () => {
  authority.answer = () => ({ denied: 'Member core does not act as debtor' });
  const { errors } = await ask({ name: 'unlucky' });
  assert.deepEqual(errors?.map(({ message, extensions }) => [extensions.code, message]), [['CONFLICT', 'the certificate authority refused: Member core does not act as debtor']]);
  assert.equal(await exists('unlucky'), false);
  authority.answer = () => 'certificate';
  await create({ name: 'unlucky' });
});

test('identities are listed by the page, stand among all certificates, and are left out of what the consortium shows', async () => {
  for (const name of ['page-a', 'page-b', 'page-c']) await create({ name });
  type Page = { clientIdentities: { edges: { node: { name: string; sha256: string; createdBy: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
  const names: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const answer: Answer<Page> = await client.ask<Page>('query($after: String) { clientIdentities(consortium: "idents", member: "core", first: 2, after: $after) { edges { node { name sha256 createdBy } } pageInfo { hasNextPage endCursor } } }', { after });
    const { edges, pageInfo } = answer.data.clientIdentities;
    names.push(...edges.map(({ node }) => node.name));
    [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
  }
  assert.deepEqual(names, names.toSorted());
  for (const name of ['erp', 'made', 'page-a', 'page-b', 'page-c']) assert.equal(names.filter((each) => each === name).length, 1, name);

  const { data } = await client.ask<{ certificates: { use: string; subject: string }[] }>('{ certificates(consortium: "idents", member: "core") { use subject } }');
  const listed = data.certificates.filter(({ use }) => use === 'client').map(({ subject }) => subject);
  assert.ok(listed.includes('O=CoreMSP, OU=client, CN=page-a'), listed.join());
  assert.equal(listed.length, names.length);
  assert.deepEqual((await client.ask('{ clientIdentities(consortium: "idents", member: "bank") { edges { node { name } } } }')).data, { clientIdentities: { edges: [] } });
  assert.equal((await client.ask('{ clientIdentities(consortium: "idents", member: "none") { edges { node { name } } } }')).errors?.[0]?.extensions.path, 'member');
});

test('an identity goes with its Member', async () => {
  await client.until(await client.begun('deleteConsortium', { name: consortium, confirmName: consortium, deleteData: true }), 'succeeded');
  assert.equal(await exists('erp'), false);
  assert.equal(await refused({ name: 'late' }), 'NOT_FOUND consortium');
});
