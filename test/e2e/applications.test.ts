import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import { clientIdentity, memberNamespace } from '@guildhall/resources';
import { fabricPrograms } from '../../packages/fabric/test/nodes/programs.ts';
import { clusterClient } from './support/cluster-api.ts';
import { create, nodeOf, running, type ConsortiumView } from './support/consortium.ts';
import { writeFiles } from './support/credentials.ts';
import { until } from './support/until.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { refusal } from './support/refusal.ts';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../..');
const documentation = readFileSync(join(repository, 'docs/api.md'), 'utf8');
const chapter = /^## Applications of your own\n(.*?)^## /ms.exec(documentation)?.[1] ?? assert.fail('docs/api.md has no chapter on applications');
const examples = (language: string): string[] => [...chapter.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);

let home: Home;
let guildhall: Guildhall;
let view: ConsortiumView;
const folder = mkdtempSync(join(tmpdir(), 'guildhall-applications-'));
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  const members = [
    { name: 'acme', mspId: 'AcmeMSP', applicationRoles: ['admin', 'debtor'], nodes: [{ name: 'peer0', role: 'peer' as const }, { name: 'orderer0', role: 'orderer' as const }] },
    { name: 'bank', mspId: 'BankMSP', applicationRoles: ['admin', 'funder'], nodes: [{ name: 'peer0', role: 'peer' as const }] },
  ];
  await create(guildhall.api, { name: 'trade', profile: 'sandbox', members, channels: [{ name: 'notes' }], contracts: [{ name: 'receivable', channel: 'notes', template: 'receivable' }] });
  view = await running(guildhall.api, 'trade');
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await home[Symbol.asyncDispose]();
});

const file = (path: string): string => join(folder, path);

/** A shell as a reader of the documentation has it: in a folder with Guildhall's home, the SDK installed, and Fabric's programs on the PATH. */
async function shell(script: string, ...more: string[]): Promise<string> {
  const programs = fabricPrograms();
  const path = [dirname(process.execPath), dirname(programs.path('peer')), process.env['PATH']].join(':');
  const { stdout } = await run('bash', ['-ec', script, 'bash', ...more], { cwd: folder, env: { PATH: path, FABRIC_CFG_PATH: programs.configDir } });
  return stdout;
}

test('the examples of docs/api.md lead from a key to a first transaction with the official SDK, and to a query by peer', async () => {
  mkdirSync(file('.guildhall'));
  copyFileSync(join(home.path, 'admin-token'), file('.guildhall/admin-token'));
  symlinkSync(join(repository, 'node_modules'), file('node_modules'));
  const programs = examples('js');
  const scripts = examples('bash');
  assert.deepEqual([programs.length, scripts.length], [2, 3]);
  const [key = '', go = '', query = ''] = scripts;
  await shell(key);
  for (const program of programs) {
    const [, path = ''] = /^\/\/ (\S+)\n/.exec(program) ?? [];
    writeFileSync(file(path), program.replaceAll('http://127.0.0.1:4000', guildhall.url));
  }
  const said = await until('the peers know one another, so that a gateway finds endorsers', () =>
    shell(go).catch((error: unknown) => {
      if (String(error).includes('no combination of peers can be derived')) return undefined;
      throw error;
    }));
  const answered = JSON.parse(said.trim()) as { state: string; hash: string };
  assert.match(answered.hash, /^[0-9a-f]{64}$/);
  const config = JSON.parse(await shell(query)) as Record<string, unknown>;
  assert.ok(JSON.stringify(config).includes(answered.hash), 'peer reads what the SDK wrote');
  // Sent again under the same key it is the same identity.
  await shell('node erp/fetch.mjs');
});

test("another member's application, whose key Guildhall gave out once, agrees to it by Fabric's own peer", async () => {
  const input = { member: 'bank', name: 'core-banking', roles: ['admin'] };
  const [created, again] = [await identity(input, 'bank-1'), await identity(input, 'bank-1')];
  assert.ok(created.privateKey !== null && again.privateKey === null);
  assert.equal(again.identity.serial, created.identity.serial);
  assert.ok(new X509Certificate(created.identity.certificate).publicKey.equals(createPublicKey(created.privateKey)));
  writeIdentity('bank', created);
  writeFiles(file('bank'), await connectionFiles('bank'));
  const { hash: proposed } = JSON.parse(await queried('bank', 'Config', {})) as { hash: string };
  for (const member of ['erp', 'bank']) assert.match(await invoked(member, 'AcceptConfig', { requestId: `accept-${member}`, hash: proposed }), /status \(VALID\)/);
});

const debt = (id: string): Record<string, unknown> => ({
  requestId: `issue-${id}`,
  id,
  debtor: 'AcmeMSP',
  creditor: 'BankMSP',
  face: { minor: '100', ccy: 'CHF' },
  due: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
  docs: [{ alg: 'SHA-256', digest: Buffer.from(id).toString('hex').padStart(64, '0') }],
});

test('an application acts in the roles of its certificate and in no other', async () => {
  assert.match(await invoked('erp', 'Issue', debt('N1')), /status \(VALID\)/);
  const viewer = await identity({ member: 'acme', name: 'viewer' });
  writeIdentity('viewer', viewer);
  writeFiles(file('viewer'), await connectionFiles('acme'));
  const read = JSON.parse(await queried('viewer', 'Get', { id: 'N1' })) as { state: string };
  assert.equal(read.state, 'ISSUED');
  await assert.rejects(invoked('viewer', 'Issue', debt('N2')), /FORBIDDEN/);
});

test('a key that Guildhall gave out signs a transaction of the official SDK as it is', async () => {
  const { identity: made, privateKey } = await identity({ member: 'acme', name: 'sdk', roles: ['debtor'] });
  const [peer] = (await profile('acme')).gateway;
  assert.ok(peer && privateKey !== null);
  const client = new Client(peer.endpoint, credentials.createSsl(Buffer.from(peer.tlsRoot)), { 'grpc.ssl_target_name_override': peer.hostName });
  const gateway = connect({ client, identity: { mspId: made.mspId, credentials: Buffer.from(made.certificate) }, signer: signers.newPrivateKeySigner(createPrivateKey(privateKey)), hash: hash.sha256 });
  const contract = gateway.getNetwork('notes').getContract('receivable');
  const answer = JSON.parse(Buffer.from(await contract.submitTransaction('Issue', JSON.stringify(debt('N3')))).toString()) as { state: string };
  assert.equal(answer.state, 'ISSUED');
  gateway.close();
  client.close();
});

interface Endpoint {
  url: string;
  tlsCACerts: { pem: string };
  grpcOptions: Record<string, string>;
}

test('every endpoint of the connection profile answers to what the profile says of it', async () => {
  const { peers, orderers, organizations } = JSON.parse((await profile('acme')).json) as { peers: Record<string, Endpoint>; orderers: Record<string, Endpoint>; organizations: Record<string, { mspid: string; peers: string[] }> };
  assert.deepEqual(Object.keys(peers), ['peer0.acme', 'peer0.bank']);
  assert.deepEqual(Object.keys(orderers), ['orderer0.acme']);
  assert.deepEqual(Object.entries(organizations).map(([name, { mspid, peers: own }]) => [name, mspid, own]), [['acme', 'AcmeMSP', ['peer0.acme']], ['bank', 'BankMSP', ['peer0.bank']]]);
  for (const [name, { url, tlsCACerts, grpcOptions }] of Object.entries({ ...peers, ...orderers })) {
    const [node = '', member = ''] = name.split('.');
    assert.equal(url, `grpcs://${nodeOf(view, member, node).endpoint}`);
    const client = new Client(url.replace('grpcs://', ''), credentials.createSsl(Buffer.from(tlsCACerts.pem)), { 'grpc.ssl_target_name_override': grpcOptions['ssl-target-name-override'] ?? '' });
    await promisify(client.waitForReady.bind(client))(Date.now() + 20_000);
    client.close();
  }
});

test('openssl verifies the chain, and the certificate says client and nothing more', async () => {
  const { identity: made } = await identity({ member: 'acme', name: 'judged', roles: ['debtor', 'admin'], validDays: 7 });
  const [{ signingRoot } = { signingRoot: '' }] = view.members;
  writeFiles(file('judged'), { 'root.pem': signingRoot ?? '', 'chain.pem': made.chain, 'cert.pem': made.certificate });
  const { stdout } = await run('openssl', ['verify', '-x509_strict', '-CAfile', file('judged/root.pem'), '-untrusted', file('judged/chain.pem'), file('judged/cert.pem')]);
  assert.match(stdout, /: OK$/m);
  const { stdout: text } = await run('openssl', ['x509', '-in', file('judged/cert.pem'), '-noout', '-text']);
  assert.match(text, /Subject: O ?= ?AcmeMSP, OU ?= ?client, CN ?= ?judged/);
  assert.match(text, /CA:FALSE/);
  assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
  assert.match(text, /\{"attrs":\{"gh\.role":"debtor,admin"\}\}/);
  const days = (Date.parse(new X509Certificate(made.certificate).validTo) - Date.now()) / 86_400_000;
  assert.ok(days > 6.9 && days <= 7, String(days));
});

test('requests that ask for more than a client gets are refused at their field', async () => {
  const make = async (algorithm: string, subject: string, ...more: string[]): Promise<string> => {
    await run('openssl', ['genpkey', '-algorithm', ...algorithm.split(' '), '-out', file('hostile.key')]);
    return (await run('openssl', ['req', '-new', '-key', file('hostile.key'), '-subj', subject, ...more])).stdout;
  };
  const p256 = 'EC -pkeyopt ec_paramgen_curve:P-256';
  const good = await make(p256, '/CN=hostile');
  const bytes = Buffer.from(good.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE REQUEST-----\n`;
  const hostile: Record<string, string> = {
    'a wrong signature': forged,
    RSA: await make('RSA -pkeyopt rsa_keygen_bits:2048', '/CN=hostile'),
    'P-384': await make('EC -pkeyopt ec_paramgen_curve:P-384', '/CN=hostile'),
    'a CA': await make(p256, '/CN=hostile', '-addext', 'basicConstraints=critical,CA:TRUE'),
    'an administrator': await make(p256, '/O=AcmeMSP/OU=admin/CN=hostile'),
    'a peer': await make(p256, '/O=AcmeMSP/OU=peer/CN=hostile'),
    markup: await make(p256, '/CN=<img src=x>'),
  };
  for (const [what, csr] of Object.entries(hostile)) {
    const { code, path } = await refusal(identity({ member: 'acme', name: 'hostile', csr }));
    assert.deepEqual([code, path], ['INVALID_INPUT', 'csr'], what);
  }
  const { code, path } = await refusal(identity({ member: 'acme', name: 'hostile', roles: ['debtor', 'funder'], csr: good }));
  assert.deepEqual([code, path], ['INVALID_INPUT', 'roles[1]']);
  assert.equal((await identity({ member: 'acme', name: 'hostile', csr: good })).privateKey, null);
});

test('neither the ledger gateway nor the operator can ask for such a certificate, or see one', async () => {
  const csr = readFileSync(file('erp/erp.csr'), 'utf8');
  const ref = { namespace: memberNamespace('trade', 'acme'), name: 'erp' };
  for (const principal of ['guildhall-ledger-gateway', 'guildhall-operator'] as const) {
    const client = clusterClient(home.path, principal);
    await assert.rejects(client.create(clientIdentity.type, { metadata: { ...ref, name: 'stolen' }, spec: { csr, roles: [], validDays: 365 } }), { status: 403 }, principal);
    await assert.rejects(client.get(clientIdentity.type, ref), { status: 403 }, principal);
    const forged = { metadata: ref, status: { certificate: 'forged' } };
    await assert.rejects(client.applyStatus(clientIdentity.type, forged, { force: true }), { status: 403 }, principal);
  }
});

test('what was issued is listed with who made it, and stands among all certificates', async () => {
  const listed = await guildhall.api.request<{ clientIdentities: { edges: { node: { name: string; createdBy: string; serial: string } }[] }; certificates: { use: string; serial: string }[] }>(
    '{ clientIdentities(consortium: "trade", member: "acme", first: 50) { edges { node { name createdBy serial } } } certificates(consortium: "trade", member: "acme") { use serial } }',
  );
  const nodes = listed.clientIdentities.edges.map(({ node }) => node);
  assert.deepEqual(nodes.map(({ name, createdBy }) => [name, createdBy]), ['erp', 'hostile', 'judged', 'sdk', 'viewer'].map((name) => [name, 'admin']));
  assert.deepEqual(listed.certificates.filter(({ use }) => use === 'client').map(({ serial }) => serial).toSorted(), nodes.map(({ serial }) => serial).toSorted());
});

test('identities outlive a restart, and Ctrl-C ends everything', async () => {
  await guildhall.stop();
  guildhall = await home.start();
  await running(guildhall.api, 'trade');
  // In the first moment what is shown is what was known before. Guildhall's own gateway waits until the orderers have a leader again, Fabric's tool does not.
  const input = { consortium: 'trade', channel: 'notes', contract: 'receivable', member: 'acme', role: 'debtor', function: 'Issue', args: [JSON.stringify(debt('N4'))] };
  await guildhall.api.request('mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId } }', { input });
  writeFiles(file('erp'), await connectionFiles('acme'));
  assert.match(await invoked('erp', 'Issue', debt('N5')), /status \(VALID\)/);
  await guildhall.stop();
});

interface Created {
  identity: { mspId: string; serial: string; certificate: string; chain: string; mspFolder: { path: string; text: string }[] };
  privateKey: string | null;
}
async function identity(input: Record<string, unknown>, key?: string): Promise<Created> {
  const query = 'mutation($input: CreateClientIdentityInput!, $key: String) { createClientIdentity(input: $input, idempotencyKey: $key) { identity { mspId serial certificate chain mspFolder { path text } } privateKey } }';
  return (await guildhall.api.request<{ createClientIdentity: Created }>(query, { input: { consortium: 'trade', ...input }, key })).createClientIdentity;
}

interface Profile {
  json: string;
  gateway: { endpoint: string; tlsRoot: string; hostName: string }[];
  files: { path: string; text: string }[];
}
async function profile(member: string): Promise<Profile> {
  const query = 'query($member: String!) { connectionProfile(consortium: "trade", member: $member, channel: "notes") { json gateway { endpoint tlsRoot hostName } files { path text } } }';
  return (await guildhall.api.request<{ connectionProfile: Profile }>(query, { member })).connectionProfile;
}

const byPath = (files: readonly { path: string; text: string }[]): Record<string, string> => Object.fromEntries(files.map(({ path, text }) => [path, text]));
const connectionFiles = async (member: string): Promise<Record<string, string>> => byPath((await profile(member)).files);
const writeIdentity = (name: string, { identity: made, privateKey }: Created): void => writeFiles(file(`${name}/msp`), { ...byPath(made.mspFolder), 'keystore/key.pem': privateKey ?? '' });

const call = (fn: string, argument: unknown): string => JSON.stringify({ Args: [fn, JSON.stringify(argument)] });

/** Fabric's peer with nothing but what the API has answered. */
const queried = (name: string, fn: string, argument: unknown): Promise<string> =>
  shell('cd "$1"; . ./peer.env; peer chaincode query -C notes -n receivable -c "$2"', name, call(fn, argument));
const invoked = (name: string, fn: string, argument: unknown): Promise<string> =>
  shell('cd "$1"; . ./peer.env; peer chaincode invoke -o "$ORDERER_ADDRESS" --tls --cafile "$ORDERER_CA" $ENDORSERS --waitForEvent -C notes -n receivable -c "$2" 2>&1', name, call(fn, argument)).catch((error: unknown) => {
    throw new Error(error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error), { cause: error });
  });
