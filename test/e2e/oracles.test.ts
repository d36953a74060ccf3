import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { localMspFiles, type Address, type ChannelConfiguration } from '@guildhall/fabric';
import { configMaps, secrets } from '@guildhall/kubernetes';
import { consortiumNamespace, memberNamespace } from '@guildhall/resources';
import { fabricPrograms } from '../../packages/fabric/test/nodes/programs.ts';
import { writeConfigtx } from '../../packages/fabric/test/oracle/configtx.ts';
import { fabricTool, translate, type Json } from '../../packages/fabric/test/oracle/tools.ts';
import { clusterClient } from './support/cluster-api.ts';
import { consortium, create, nodeOf, running, smallConsortium, type ConsortiumView, type NodeView } from './support/consortium.ts';
import { authoritiesOf, certify, mspOf, writeFiles } from './support/credentials.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { agreeOnTerms, note } from './support/receivable.ts';
import { until } from './support/until.ts';

const run = promisify(execFile);
const name = 'judged';
const batch = { timeoutMs: 150, maxMessages: 20, absoluteMaxBytes: 4 * 1024 * 1024, preferredMaxBytes: 1024 * 1024 };
const tickMs = 120;

let home: Home;
let guildhall: Guildhall;
let view: ConsortiumView;
const folder = mkdtempSync(join(tmpdir(), 'guildhall-oracles-'));
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  await create(guildhall.api, { ...smallConsortium(name, { orderers: 3 }), channels: [{ name: 'trade', batch, tickMs }] });
  await agreeOnTerms(guildhall.api, name);
  view = await running(guildhall.api, name);
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await home[Symbol.asyncDispose]();
});

const members = ['core', 'supplier'];
const file = (path: string): string => join(folder, path);
const tlsRoot = (member: string): string => file(`${member}-tls-root.pem`);
const endpointOf = (member: string, node: string): string => nodeOf(view, member, node).endpoint ?? '';
const addressOf = ({ endpoint }: NodeView): Address => {
  const [host = '', port] = (endpoint ?? '').split(':');
  return { host, port: Number(port) };
};
const openssl = async (...args: string[]): Promise<string> => (await run('openssl', args)).stdout;

test('openssl verifies every certificate of every node against the published roots', async () => {
  for (const { name: member, signingRoot, tlsRoot: root } of view.members) {
    const { signing, tls } = await authoritiesOf(home.path, name, member);
    assert.deepEqual([signing.root, tls.root], [signingRoot, root], 'the API shows what is published');
    writeFiles(folder, { [`${member}-identity-root.pem`]: signing.root, [`${member}-identity-issuing.pem`]: signing.issuing, [`${member}-tls-root.pem`]: tls.root, [`${member}-tls-issuing.pem`]: tls.issuing });
  }
  const verify = (member: string, use: string, certificate: string): Promise<string> =>
    openssl('verify', '-x509_strict', '-CAfile', file(`${member}-${use}-root.pem`), '-untrusted', file(`${member}-${use}-issuing.pem`), certificate);
  const certificates = view.nodes.flatMap((node) => node.certificates.map(({ use, pem }) => ({ ...node, use, pem })));
  assert.equal(certificates.length, 10, 'an identity and a TLS certificate of each of the five nodes');
  for (const { member, name: node, use, pem } of certificates) {
    const path = `${member}-${node}-${use}.pem`;
    writeFiles(folder, { [path]: pem });
    assert.match(await verify(member, use, file(path)), /: OK$/m);
    const other = members.find((candidate) => candidate !== member) ?? '';
    await assert.rejects(verify(other, use, file(path)), `${other} vouches for nobody of ${member}`);
  }
});

test('openssl accepts what every node serves, at its address', async () => {
  for (const node of view.nodes) {
    const { host } = addressOf(node);
    const asking = run('openssl', ['s_client', '-connect', node.endpoint ?? '', '-CAfile', tlsRoot(node.member), '-verify_ip', host, '-verify_return_error', '-brief']);
    asking.child.stdin?.end();
    assert.match((await asking).stderr, /Verification: OK/, `${node.member}/${node.name}`);
  }
});

/** Environment of Fabric's `peer` for a client of core, at one of the peers. */
async function asClient(): Promise<Record<string, string>> {
  const [credentials, authorities] = [await certify(home.path, name, 'core', 'client', 'debtor'), await authoritiesOf(home.path, name, 'core')];
  const msp = localMspFiles(mspOf('CoreMSP', authorities), credentials.certificate);
  writeFiles(folder, { ...Object.fromEntries(Object.entries(msp).map(([path, content]) => [`msp/${path}`, content])), 'msp/keystore/key_sk': credentials.privateKey });
  return {
    FABRIC_CFG_PATH: fabricPrograms().configDir,
    CORE_PEER_LOCALMSPID: 'CoreMSP',
    CORE_PEER_MSPCONFIGPATH: file('msp'),
    CORE_PEER_ADDRESS: endpointOf('core', 'peer0'),
    CORE_PEER_TLS_ENABLED: 'true',
    CORE_PEER_TLS_ROOTCERT_FILE: tlsRoot('core'),
  };
}

test("Fabric's own peer queries the network and invokes the contract", async () => {
  const env = await asClient();
  const peer = (...args: string[]): Promise<{ stdout: string; stderr: string }> => fabricTool('peer', args, env);
  const height = async (): Promise<number> => {
    const { stdout } = await peer('channel', 'getinfo', '-c', 'trade');
    return (JSON.parse(stdout.slice(stdout.indexOf('{'))) as { height: number }).height;
  };
  const before = await height();
  await until('the API knows of the last block too', async () => (await consortium(guildhall.api, name)).channels[0]?.height === before);

  const { stdout: committed } = await peer('lifecycle', 'chaincode', 'querycommitted', '-C', 'trade', '-n', 'receivable');
  assert.match(committed, /Version: 1\.0\.0, Sequence: 1,.*Approvals: \[CoreMSP: true, SupplierMSP: true\]/s);

  const args = {
    requestId: 'by-peer',
    id: 'P1',
    debtor: 'CoreMSP',
    creditor: 'SupplierMSP',
    face: { minor: '100', ccy: 'CNY' },
    due: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    docs: [{ alg: 'SHA-256', digest: '1'.padStart(64, '0') }],
  };
  const call = (fn: string, argument: unknown): string[] => ['-C', 'trade', '-n', 'receivable', '-c', JSON.stringify({ Args: [fn, JSON.stringify(argument)] })];
  const at = members.flatMap((member) => ['--peerAddresses', endpointOf(member, 'peer0'), '--tlsRootCertFiles', tlsRoot(member)]);
  const invoked = await peer('chaincode', 'invoke', '-o', endpointOf('core', 'orderer0'), '--tls', '--cafile', tlsRoot('core'), ...at, '--waitForEvent', ...call('Issue', args));
  assert.match(invoked.stderr, /txid \[[0-9a-f]{64}\] committed with status \(VALID\)/);
  assert.equal(await height(), before + 1);
  const queried = JSON.parse((await peer('chaincode', 'query', ...call('Get', { id: 'P1' }))).stdout) as unknown;
  assert.deepEqual(queried, await note(guildhall.api, name, 'P1'), "both ways show the same record");
});

test("Fabric's own osnadmin sees the channel at each orderer, and only with the certificate that opens the admin endpoint", async () => {
  const { chain, privateKey, certificate } = await certify(home.path, name, 'core', 'operator-admin-client');
  writeFiles(folder, { 'admin-endpoint.pem': certificate, 'admin-endpoint-chain.pem': chain, 'admin-endpoint.key': privateKey });
  const osnadmin = (node: string, ...more: string[]): Promise<{ stdout: string }> =>
    fabricTool('osnadmin', ['channel', 'list', '--channelID', 'trade', '-o', endpointOf('core', node).replace(':7050', ':9443'), '--ca-file', tlsRoot('core'), ...more]);
  for (const node of ['orderer0', 'orderer1', 'orderer2']) {
    const { stdout } = await osnadmin(node, '--client-cert', file('admin-endpoint.pem'), '--client-key', file('admin-endpoint.key'));
    const { status, ...info } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, unknown>;
    assert.deepEqual([status, info['name'], info['consensusRelation']], ['active', 'trade', 'consenter']);
    assert.match(stdout, /Status: 200/);
  }
  // The certificate of a node is of another authority.
  const keys = await clusterClient(home.path, 'guildhall-operator').get(secrets, { namespace: memberNamespace(name, 'core'), name: 'orderer0-keys' });
  writeFiles(folder, { 'node-tls.key': Buffer.from(keys?.data?.['tls.key'] ?? '', 'base64') });
  await assert.rejects(osnadmin('orderer0', '--client-cert', file('core-orderer0-tls.pem'), '--client-key', file('node-tls.key')));
});

/** Without what is meant to differ: time, nonce, and the hash and id that follow from them. */
function withoutAccidents(json: Json): Json {
  if (Array.isArray(json)) return json.map(withoutAccidents);
  if (json === null || typeof json !== 'object') return json;
  const accidents = ['timestamp', 'nonce', 'tx_id', 'data_hash'];
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, accidents.includes(key) ? null : withoutAccidents(value)]));
}

test("the channel's first block is what configtxgen makes from the same input", async () => {
  const map = await clusterClient(home.path, 'guildhall-operator').get(configMaps, { namespace: consortiumNamespace(name), name: 'channel-trade' });
  const block = Buffer.from(map?.binaryData?.['genesis.block'] ?? '', 'base64');
  assert.match(view.channels[0]?.genesisDigest ?? '', new RegExp(createHash('sha256').update(block).digest('hex')));

  const organizations = await Promise.all(view.members.map(async ({ name: member, mspId }) => ({ member, mspId, msp: mspOf(mspId, await authoritiesOf(home.path, name, member)) })));
  const orderers = view.nodes.filter(({ role }) => role === 'orderer');
  /** What Fabric keeps in order and nobody gave an order is sorted. */
  const byEndpoint = (a: NodeView, b: NodeView): number => ((a.endpoint ?? '') < (b.endpoint ?? '') ? -1 : 1);
  const tls = (node: NodeView): string => node.certificates.find(({ use }) => use === 'tls')?.pem ?? '';
  const configuration: ChannelConfiguration = {
    channel: 'trade',
    ordering: {
      type: 'raft',
      consenters: orderers.map((node) => ({ ...addressOf(node), clientTlsCertificate: tls(node), serverTlsCertificate: tls(node) })),
      options: { tickIntervalMs: tickMs, electionTick: 10, heartbeatTick: 1, maxInflightBlocks: 5, snapshotIntervalSize: 16 * 1024 * 1024 },
    },
    batch: { timeoutMs: batch.timeoutMs, maxMessageCount: batch.maxMessages, absoluteMaxBytes: batch.absoluteMaxBytes, preferredMaxBytes: batch.preferredMaxBytes },
    capabilities: { channel: ['V3_0'], orderer: ['V2_0'], application: ['V2_5'] },
    ordererOrganizations: organizations.slice(0, 1).map(({ mspId, msp }) => ({ name: mspId, msp, endpoints: orderers.toSorted(byEndpoint).map(addressOf) })),
    applicationOrganizations: organizations.map(({ member, mspId, msp }) => ({ name: mspId, msp, anchorPeers: [addressOf(nodeOf(view, member, 'peer0'))] })),
  };
  await writeConfigtx(folder, configuration);
  await fabricTool('configtxgen', ['-profile', 'Channel', '-channelID', 'trade', '-outputBlock', file('genesis.block')], { FABRIC_CFG_PATH: folder });
  const meaning = async (bytes: Uint8Array): Promise<Json> => withoutAccidents(await translate(folder, 'common.Block', bytes));
  assert.deepEqual(await meaning(block), await meaning(readFileSync(file('genesis.block'))));
});

test('Ctrl-C ends everything', () => guildhall.stop());
