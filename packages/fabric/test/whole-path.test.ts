import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  CHANNEL_ENDORSEMENT,
  approveDefinition,
  buildPackage,
  commitDefinition,
  createCommitWatcher,
  decodeBlock,
  deliverFromOrderer,
  deliverFromPeer,
  inspectOrderer,
  inspectPeer,
  installPackage,
  joinPeer,
  peerQueries,
  query,
  transact,
  verifyLink,
  type CommitWatcher,
  type ContractCall,
  type ContractDefinition,
  type DecodedBlock,
  type Signer,
  type TransactionRoute,
} from '../src/index.ts';
import { cliEnvironment, startNetwork, type TestNetwork } from './network.ts';
import type { TestContract } from './nodes/contract.ts';
import type { TestPeer } from './nodes/peer.ts';
import { until } from './nodes/process.ts';
import { fabricPrograms } from './nodes/programs.ts';
import { scratchFolder, translate } from './oracle/tools.ts';

const run = promisify(execFile);
const CHANNEL = 'trade';
const contractPackage = buildPackage({ name: 'ledger', version: '1.0', artifactDigest: 'ab'.repeat(32) });
const definition: ContractDefinition = {
  name: 'ledger',
  version: '1.0',
  sequence: 1,
  initRequired: false,
  endorsementPolicy: CHANNEL_ENDORSEMENT,
  collections: [],
};

let network: TestNetwork;
let contract: TestContract;
let client: Signer;
const watchers = new Map<TestPeer, CommitWatcher>();

before(async () => {
  network = await startNetwork({ type: 'raft', orderers: 3, mspIds: ['AcmeMSP', 'BankMSP'] });
  contract = await network.contract(contractPackage.label);
  client = await peerOf(0).member.client({ 'gh.role': 'supplier' });
});

after(async () => {
  for (const watcher of watchers.values()) watcher.close();
  await network.stop();
});

const peerOf = (index: number): TestPeer => {
  const peer = network.peers[index];
  assert.ok(peer);
  return peer;
};
const link = (peer: TestPeer) => ({ connections: network.connections, node: peer.endpoint });

function watcherOf(peer: TestPeer, signer: Signer): CommitWatcher {
  const watcher =
    watchers.get(peer) ??
    createCommitWatcher({ connections: network.connections, peers: [peer.endpoint], channel: CHANNEL, signer: () => signer });
  watchers.set(peer, watcher);
  return watcher;
}

const route = (peer: TestPeer, endorsers: readonly TestPeer[], signer: Signer): TransactionRoute => ({
  connections: network.connections,
  orderers: network.ordererNodes,
  watcher: watcherOf(peer, signer),
  endorsers: endorsers.map(({ endpoint }) => endpoint),
});

const call = (name: string, ...args: string[]): ContractCall => ({
  kind: 'Invoke',
  channel: CHANNEL,
  contract: 'ledger',
  function: name,
  args: args.map((arg) => new TextEncoder().encode(arg)),
});
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const submit = (name: string, ...args: string[]) => transact(route(peerOf(0), network.peers, client), client, call(name, ...args));
const evaluate = async (name: string, ...args: string[]): Promise<string> =>
  text(await query(network.connections, peerOf(0).endpoint, client, call(name, ...args)));

test('orderers and peers join from the same genesis block, and joining again changes nothing', async () => {
  const genesis = network.genesis(CHANNEL);
  await network.joinOrderers(CHANNEL, genesis);
  for (const peer of network.peers) {
    assert.equal(await joinPeer(link(peer), peer.member.admin, genesis), 'joined');
    assert.equal(await joinPeer(link(peer), peer.member.admin, genesis), 'already');
    assert.deepEqual(await peerQueries(link(peer), peer.member.admin).channels(), [CHANNEL]);
  }
  await assert.rejects(network.orderers[0]?.participation.join(genesis) ?? Promise.resolve(), { code: 'CHANNEL_EXISTS' });
});

test('exactly one orderer leads, and every node says which channel it is in', async () => {
  const inspected = await until('an orderer leads', async () => {
    const all = await Promise.all(network.orderers.map((orderer) => inspectOrderer(orderer)));
    return all.filter(({ channels }) => channels[0]?.leader).length === 1 ? all : undefined;
  });
  for (const { healthy, channels } of inspected) {
    assert.equal(healthy, true);
    assert.deepEqual(
      channels.map(({ name, height, relation, status }) => ({ name, height, relation, status })),
      [{ name: CHANNEL, height: 1, relation: 'consenter', status: 'active' }],
    );
  }
  assert.deepEqual((await inspectPeer(peerOf(0).operations)).channels, [{ name: CHANNEL, height: 1 }]);
});

test('a package has the same id at every member, and installing it again changes nothing', async () => {
  const { bytes, packageId, label } = contractPackage;
  const ids = await Promise.all(network.peers.map((peer) => installPackage(link(peer), peer.member.admin, bytes)));
  assert.deepEqual(ids, [
    { packageId, label },
    { packageId, label },
  ]);
  assert.deepEqual(await installPackage(link(peerOf(0)), peerOf(0).member.admin, bytes), ids[0]);
  await contract.start(packageId);
});

test('only an administrator of the member installs', async () => {
  await assert.rejects(installPackage(link(peerOf(0)), client, contractPackage.bytes), { code: 'ACCESS_DENIED' });
});

test('every member approves, readiness tells who has, and any client commits', async () => {
  const queries = peerQueries(link(peerOf(0)), peerOf(0).member.admin);
  assert.equal(await queries.definition(CHANNEL, 'ledger'), undefined);
  assert.equal(await queries.approved(CHANNEL, 'ledger'), undefined);
  const [installed] = await queries.installed();
  assert.ok(installed);

  await approveDefinition(
    route(peerOf(0), [peerOf(0)], peerOf(0).member.admin),
    peerOf(0).member.admin,
    CHANNEL,
    definition,
    installed.packageId,
  );
  assert.deepEqual((await queries.readiness(CHANNEL, definition)).approvals, { AcmeMSP: true, BankMSP: false });
  await approveDefinition(
    route(peerOf(1), [peerOf(1)], peerOf(1).member.admin),
    peerOf(1).member.admin,
    CHANNEL,
    definition,
    installed.packageId,
  );
  assert.deepEqual((await queries.approved(CHANNEL, 'ledger'))?.definition, definition);

  await commitDefinition(route(peerOf(0), network.peers, client), client, CHANNEL, definition);
  assert.deepEqual(await peerQueries(link(peerOf(0)), client).definition(CHANNEL, 'ledger'), {
    definition,
    approvals: { AcmeMSP: true, BankMSP: true },
  });
  await until('the other peer has the block too', () => peerQueries(link(peerOf(1)), client).definition(CHANNEL, 'ledger'));
});

test('a transaction that both members endorsed is committed and read back', async () => {
  const committed = await submit('put', 'greeting', 'hello');
  assert.equal(committed.validationCode, 0);
  assert.equal(text(committed.result), 'hello');
  assert.equal(await evaluate('get', 'greeting'), 'hello');

  const queries = peerQueries(link(peerOf(0)), client);
  assert.equal((await queries.transaction(CHANNEL, committed.transactionId))?.validationCode, 0);
  assert.equal(await queries.transaction(CHANNEL, 'f'.repeat(64)), undefined);
  assert.equal((await queries.chainInfo(CHANNEL)).height, committed.blockNumber + 1);
});

test("the contract's refusal comes back as the contract said it", async () => {
  await assert.rejects(submit('refuse'), (error: { code: string; nodes: readonly { message: string }[] }) => {
    assert.equal(error.code, 'CONTRACT_REFUSED');
    assert.deepEqual(JSON.parse(error.nodes[0]?.message ?? ''), { code: 'FORBIDDEN', message: 'only the debtor may do this', id: 'N1' });
    return true;
  });
});

test('members that answer differently are named', async () => {
  await assert.rejects(submit('whoRuns', 'k'), { code: 'ENDORSEMENT_MISMATCH', message: /AcmeMSP|BankMSP/ });
});

test('of two transactions that change the same value one is valid and one conflicts', async () => {
  await submit('put', 'count', '1');
  const outcomes = await Promise.allSettled([submit('add', 'count', '1'), submit('add', 'count', '1')]);
  const refused = outcomes
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason as { code: string; validationCode: number; message: string });
  assert.deepEqual(
    refused.map(({ code, validationCode }) => [code, validationCode]),
    [['TRANSACTION_INVALID', 11]],
  );
  assert.match(refused[0]?.message ?? '', /MVCC_READ_CONFLICT/);
  assert.equal(await evaluate('get', 'count'), '2');
});

test('too few endorsements are found by the peers that commit', async () => {
  await assert.rejects(transact(route(peerOf(0), [peerOf(0)], client), client, call('put', 'k', 'v')), {
    code: 'TRANSACTION_INVALID',
    validationCode: 10,
  });
});

test('blocks from an orderer and from a peer form the same chain', async () => {
  const { height } = await peerQueries(link(peerOf(0)), client).chainInfo(CHANNEL);
  const range = { channel: CHANNEL, start: 'oldest' as const, stop: height - 1, whenMissing: 'fail' as const };
  const chain = async (blocks: AsyncIterable<{ bytes: Uint8Array }>): Promise<DecodedBlock[]> =>
    (await Array.fromAsync(blocks)).map(({ bytes }) => decodeBlock(bytes));
  const orderer = network.orderers[1];
  assert.ok(orderer);
  const ordered = await chain(deliverFromOrderer(network.connections, orderer.endpoint, client, range));
  const committed = await chain(deliverFromPeer(network.connections, peerOf(1).endpoint, client, range));
  assert.equal(ordered.length, height);
  assert.deepEqual(
    committed.map(({ hash }) => hash),
    ordered.map(({ hash }) => hash),
  );
  committed.reduce((previous, next) => (verifyLink(previous, next), next));
  assert.ok(committed.some(({ transactions }) => transactions.some(({ actions }) => actions[0]?.event?.name === 'put')));
});

/** Protobuf's JSON of a transaction's results, as far as it is compared. */
interface NamespaceJson {
  namespace: string;
  rwset: {
    reads?: { key: string; version: { block_num: string; tx_num: string } | null }[];
    writes?: { key: string; is_delete: boolean; value: string | null }[];
  };
}

/** Every part of a JSON document under a name. */
function partsNamed(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === name ? [part] : partsNamed(part, name)));
}

test("configtxlator reads the same read/write sets in the channel's blocks", async () => {
  await using folder = await scratchFolder();
  const queries = peerQueries(link(peerOf(0)), client);
  const { height } = await queries.chainInfo(CHANNEL);
  let compared = 0;
  for (let number = 1; number < height; number++) {
    const bytes = await queries.block(CHANNEL, number);
    const ours = decodeBlock(bytes).transactions.flatMap(({ actions }) =>
      actions.map(({ readWriteSets }) =>
        readWriteSets.map(({ contract, reads, writes }) => ({
          contract,
          reads: reads.map(({ key, version }) => [key, version?.block, version?.transaction]),
          writes: writes.map(({ key, isDelete, value }) => [key, isDelete, Buffer.from(value).toString('base64')]),
        })),
      ),
    );
    const theirs = partsNamed(await translate(folder.path, 'common.Block', bytes), 'ns_rwset').map((namespaces) =>
      (namespaces as NamespaceJson[]).map(({ namespace, rwset }) => ({
        contract: namespace,
        reads: (rwset.reads ?? []).map(({ key, version }) => [key, version ? Number(version.block_num) : undefined, version ? Number(version.tx_num) : undefined]),
        writes: (rwset.writes ?? []).map(({ key, is_delete, value }) => [key, is_delete, value ?? '']),
      })),
    );
    assert.deepEqual(ours, theirs, `block ${number}`);
    compared += ours.flat().filter(({ writes }) => writes.length > 0).length;
  }
  assert.ok(compared > 3, 'there were writes to compare');
});

test('streams end where they should: a missing block, another channel, an aborted wait', async () => {
  const read = (range: Parameters<typeof deliverFromPeer>[3], signal?: AbortSignal) =>
    Array.fromAsync(deliverFromPeer(network.connections, peerOf(0).endpoint, client, range, signal ? { signal } : {}));
  await assert.rejects(read({ channel: CHANNEL, start: 1_000, stop: 1_000, whenMissing: 'fail' }), { code: 'BLOCK_NOT_FOUND' });
  await assert.rejects(read({ channel: 'other', start: 'newest', stop: 'newest', whenMissing: 'fail' }), { code: 'BLOCK_NOT_FOUND' });
  const { height } = await peerQueries(link(peerOf(0)), client).chainInfo(CHANNEL);
  await assert.rejects(read({ channel: CHANNEL, start: height, whenMissing: 'wait' }, AbortSignal.timeout(100)), { code: 'CANCELLED' });
});

test("Fabric's own tools agree: peer and osnadmin", async () => {
  const programs = fabricPrograms();
  const env = await cliEnvironment(network, peerOf(1), programs.configDir);
  const peer = (...args: string[]) => run(programs.path('peer'), args, { env });
  assert.equal(
    (await peer('chaincode', 'query', '-C', CHANNEL, '-n', 'ledger', '-c', JSON.stringify({ Args: ['get', 'greeting'] }))).stdout.trim(),
    'hello',
  );

  const { height } = await peerQueries(link(peerOf(1)), client).chainInfo(CHANNEL);
  const { stdout } = await peer('channel', 'getinfo', '-c', CHANNEL);
  assert.equal(JSON.parse(stdout.slice(stdout.indexOf('{'))).height, height);

  for (const { host, adminFiles, participation } of network.orderers) {
    const args = [
      'channel',
      'list',
      '-o',
      `${host}:9443`,
      '-c',
      CHANNEL,
      '--ca-file',
      adminFiles.ca,
      '--client-cert',
      adminFiles.certificate,
      '--client-key',
      adminFiles.key,
    ];
    const listed = (await run(programs.path('osnadmin'), args)).stdout;
    const info = await participation.info(CHANNEL);
    assert.deepEqual(JSON.parse(listed.slice(listed.indexOf('{'))), {
      name: info?.name,
      url: `/participation/v1/channels/${CHANNEL}`,
      consensusRelation: info?.relation,
      status: info?.status,
      height: info?.height,
    });
  }
});

test('with one orderer down the next takes the transaction; with all down nothing is accepted', async () => {
  const [first, ...others] = network.orderers;
  assert.ok(first);
  await first.process().kill();
  await until('a transaction goes through two orderers', () =>
    submit('put', 'after', 'one down').then(
      () => true,
      () => undefined,
    ),
  );
  assert.equal(await evaluate('get', 'after'), 'one down');
  await Promise.all(others.map((orderer) => orderer.process().kill()));
  await assert.rejects(submit('put', 'after', 'all down'), { code: 'ORDERERS_UNAVAILABLE' });
  await Promise.all(network.orderers.map((orderer) => orderer.start()));
  await until('the orderers lead again', () =>
    submit('put', 'after', 'all back').then(
      () => true,
      () => undefined,
    ),
  );
});

test('a watcher goes on after its peer was away, without missing a commit', async () => {
  const watcher = watcherOf(peerOf(0), client);
  await watcher.ready();
  await peerOf(1).process().kill();
  await assert.rejects(submit('put', 'k', 'v'), { code: 'UNREACHABLE', message: new RegExp(peerOf(1).endpoint.address) });
  await peerOf(1).start();
  await peerOf(0).process().kill();
  await peerOf(0).start();
  const committed = await until('both peers endorse again', () => submit('put', 'k', 'back').catch(() => undefined));
  assert.equal(committed.validationCode, 0);
});

test('a certificate of another authority is not accepted', async () => {
  const stranger = { ...peerOf(0).endpoint, tlsRoots: [peerOf(1).member.tls.root] };
  await assert.rejects(query(network.connections, stranger, client, { kind: 'GetChainInfo', channel: CHANNEL }), {
    code: 'TLS_REFUSED',
    message: new RegExp(stranger.address),
  });
});

test("a contract's instance that is down is told apart from a refusal", async () => {
  await contract.stopOne('BankMSP');
  await assert.rejects(submit('put', 'k', 'v'), { code: 'CONTRACT_UNREACHABLE', message: /BankMSP/ });
});
