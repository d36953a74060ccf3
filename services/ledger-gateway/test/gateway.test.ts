import { buildContract, runnerProgram } from '@guildhall/contract-runner';
import {
  approveDefinition,
  buildPackage,
  CHANNEL_ENDORSEMENT,
  commitDefinition,
  createCommitWatcher,
  FabricError,
  installPackage,
  joinPeer,
  type CommitWatcher,
} from '@guildhall/fabric';
import { silentLogger, systemClock } from '@guildhall/kubernetes';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { startNetwork, type TestNetwork } from '../../../packages/fabric/test/network.ts';
import type { TestContract } from '../../../packages/fabric/test/nodes/contract.ts';
import { until } from '../../../packages/fabric/test/nodes/process.ts';
import { createLedgerGateway, createRemoteLedgerGateway, LedgerChangedError, TransactionError, type LedgerGateway } from '../src/index.ts';
import { createGatewayServer } from '../src/internal-api/server.ts';
import { makeServerCertificate } from '../src/server-certificate/certificate.ts';
import { CONSORTIUM, describeConsortium, type DescribedConsortium } from './resources.ts';
import { startService } from './service.ts';

const CHANNEL = 'trade';
const CONTRACT = 'receivable';
/** Short, so that the contract's clock goes stale within the test. */
const SKEW_SEC = 5;

let network: TestNetwork;
let contract: TestContract;
let described: DescribedConsortium;
let gateway: LedgerGateway;
let artifacts: Server;

const members = [
  { name: 'core', mspId: 'CoreMSP', roles: ['admin', 'debtor'] },
  { name: 'supplier', mspId: 'SupplierMSP', roles: ['admin', 'supplier'] },
  { name: 'bank', mspId: 'BankMSP', roles: ['admin', 'funder'] },
];

const config = {
  parties: members.map(({ mspId, roles }) => ({ mspId, roles })),
  clock: { timekeepers: members.map(({ mspId }) => mspId), quorum: 2, skewSec: SKEW_SEC },
  settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
};

before(async () => {
  const built = await buildContract({ entry: new URL('../../../contracts/receivable/src/v1.ts', import.meta.url) });
  artifacts = createServer((_, response) => response.end(built.artifact)).listen(0, '127.0.0.1');
  await new Promise((resolve) => artifacts.once('listening', resolve));
  const { port } = artifacts.address() as AddressInfo;
  network = await startNetwork({ type: 'raft', orderers: 3, mspIds: members.map(({ mspId }) => mspId) });
  const contractPackage = buildPackage({ name: CONTRACT, version: '1.0.0', artifactDigest: built.digest.replace('sha256:', '') });
  contract = await network.contract(contractPackage.label, {
    program: runnerProgram,
    env: ({ host, packageId, keyFile, certificateFile, home }) => ({
      GUILDHALL_ARTIFACT_DIGEST: built.digest,
      GUILDHALL_ARTIFACT_URL: `http://127.0.0.1:${port}/artifact`,
      GUILDHALL_ARTIFACT_CACHE: join(home, 'cache'),
      GUILDHALL_CONTRACT_ADDRESS: `${host}:9999`,
      GUILDHALL_HEALTH_ADDRESS: `${host}:8080`,
      GUILDHALL_PACKAGE_ID: packageId,
      GUILDHALL_CONTRACT_TLS_KEY_FILE: keyFile,
      GUILDHALL_CONTRACT_TLS_CERT_FILE: certificateFile,
    }),
  });
  await Promise.all([bringUp(contractPackage), contract.start(contractPackage.packageId)]);
  described = await describeConsortium(
    [
      {
        name: 'operator',
        material: network.ordering,
        applicationRoles: [],
        nodes: network.orderers.map(({ endpoint }, index) => ({
          name: `orderer${index + 1}`,
          role: 'orderer' as const,
          endpoint: endpoint.address,
        })),
      },
      ...members.map(({ name, roles }, index) => ({
        name,
        material: network.members[index]!,
        applicationRoles: roles,
        nodes: [{ name: 'peer1', role: 'peer' as const, endpoint: network.peers[index]!.endpoint.address }],
      })),
    ],
    CONTRACT,
  );
  gateway = startGateway();
});

const startGateway = (): LedgerGateway =>
  createLedgerGateway({
    client: described.gatewayClient,
    clock: systemClock,
    ids: () => randomBytes(6).toString('hex'),
    logger: silentLogger,
  });

after(async () => {
  gateway?.close();
  described?.close();
  artifacts?.close();
  await network?.stop();
});

async function bringUp({ bytes, packageId }: { bytes: Uint8Array; packageId: string }): Promise<void> {
  const genesis = network.genesis(CHANNEL);
  await network.joinOrderers(CHANNEL, genesis);
  const { connections } = network;
  const definition = {
    name: CONTRACT,
    version: '1.0.0',
    sequence: 1,
    initRequired: false,
    endorsementPolicy: CHANNEL_ENDORSEMENT,
    collections: [],
  };
  const watchers: CommitWatcher[] = [];
  await Promise.all(
    network.peers.map(async ({ endpoint, member: { admin } }) => {
      await joinPeer({ connections, node: endpoint }, admin, genesis);
      await installPackage({ connections, node: endpoint }, admin, bytes);
      const watcher = createCommitWatcher({ connections, peers: [endpoint], channel: CHANNEL, signer: () => admin });
      watchers.push(watcher);
      const route = { connections, orderers: network.ordererNodes, watcher, endorsers: [endpoint] };
      await until(`${endpoint.mspId} approves`, () =>
        approveDefinition(route, admin, CHANNEL, definition, packageId).catch(() => undefined),
      );
    }),
  );
  const [watcher] = watchers;
  const route = {
    connections,
    orderers: network.ordererNodes,
    watcher: watcher!,
    endorsers: network.peers.map(({ endpoint }) => endpoint),
  };
  // A peer may not have the other members' approvals yet, and then answers differently.
  await until('all peers have the approvals', () =>
    commitDefinition(route, network.members[0]!.admin, CHANNEL, definition).then(
      () => true,
      (error: unknown) => {
        if (error instanceof FabricError && error.code === 'ENDORSEMENT_MISMATCH') return undefined;
        throw error;
      },
    ),
  );
  for (const each of watchers) each.close();
}

type Extra = Partial<Parameters<LedgerGateway['submitTransaction']>[0]>;
const address = { consortium: CONSORTIUM, channel: CHANNEL, contract: CONTRACT };
const submit = (member: string, role: string, operation: string, args: object, extra: Extra = {}) =>
  gateway.submitTransaction({ ...address, member, role, function: operation, args: [JSON.stringify(args)], ...extra });
const read = async (member: string, operation: string, args: object): Promise<{ state: string; data: { holder: string } }> =>
  JSON.parse(await gateway.evaluateTransaction({ ...address, member, function: operation, args: [JSON.stringify(args)] }));
const refused = (code: string, contractCode?: string) => (error: unknown) => {
  assert.ok(error instanceof TransactionError, String(error));
  assert.equal(error.code, code, error.message);
  if (contractCode !== undefined) assert.equal(error.contract?.code, contractCode);
  assert.notEqual(error.nextAction, '');
  return true;
};
const receivable = (id: string, document: string) => ({
  id,
  debtor: 'CoreMSP',
  creditor: 'SupplierMSP',
  face: { minor: '10000000', ccy: 'CNY' },
  due: new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10),
  docs: [{ alg: 'SHA-256', digest: document.repeat(64).slice(0, 64) }],
});

test('an administrator proposes the configuration and every member accepts it', async () => {
  const proposed = await submit('core', 'admin', 'Init', { config });
  assert.deepEqual([proposed.validationCode, proposed.endorsers.length, proposed.endorsers[0]], ['VALID', 2, 'core']);
  const { hash } = JSON.parse(proposed.result);
  for (const { name } of members) await submit(name, 'admin', 'AcceptConfig', { hash });
  assert.equal((await read('bank', 'Config', {})).state, 'ACTIVE');
});

test('a receivable is issued, confirmed and handed on by the right members, who see it at once', async () => {
  await submit('supplier', 'supplier', 'Issue', receivable('N1', 'a'));
  assert.equal((await read('core', 'Get', { id: 'N1' })).state, 'ISSUED');
  await submit('core', 'debtor', 'Confirm', { id: 'N1' });
  await submit('supplier', 'supplier', 'Offer', { id: 'N1', to: 'BankMSP', expiry: new Date(Date.now() + 3_600_000).toISOString() });
  await submit('bank', 'funder', 'Accept', { id: 'N1', newId: 'N1-bank' });
  for (const { name } of members) assert.equal((await read(name, 'Get', { id: 'N1' })).state, 'SPENT');
});

test("the contract's refusals come back with its code, what is wrong and what to do", async () => {
  await assert.rejects(submit('bank', 'funder', 'Confirm', { id: 'N1' }), refused('CONTRACT_REFUSED'));
  await assert.rejects(submit('supplier', 'supplier', 'Issue', receivable('N1', 'b')), refused('CONTRACT_REFUSED', 'DUPLICATE'));
  await assert.rejects(read('bank', 'Get', { id: 'nothing' }), refused('CONTRACT_REFUSED', 'NOT_FOUND'));
});

test("a role that is not the member's is refused", async () => {
  await assert.rejects(submit('bank', 'debtor', 'Confirm', { id: 'N1' }), refused('DENIED'));
});

test('unknown names are said so', async () => {
  await assert.rejects(submit('nobody', 'admin', 'Init', {}), refused('NOT_FOUND'));
  await assert.rejects(
    gateway.evaluateTransaction({ ...address, contract: 'other', member: 'core', function: 'Meta', args: [] }),
    refused('NOT_FOUND'),
  );
  await assert.rejects(
    gateway.evaluateTransaction({ ...address, consortium: 'other', member: 'core', function: 'Meta', args: [] }),
    refused('NOT_FOUND'),
  );
});

test('the same request made twice is done once', async () => {
  const request = receivable('N2', 'c');
  const first = await submit('supplier', 'supplier', 'Issue', request, { requestId: 'request-2' });
  const second = await submit('supplier', 'supplier', 'Issue', request, { requestId: 'request-2' });
  assert.equal(second.result, first.result);
  assert.equal(first.requestId, 'request-2');
  await assert.rejects(
    submit('supplier', 'supplier', 'Issue', receivable('N3', 'd'), { requestId: 'request-2' }),
    refused('CONTRACT_REFUSED', 'IDEMPOTENCY_CONFLICT'),
  );
});

test('a client certificate is asked for once for each member and role', () => {
  assert.equal(
    new Set(described.asked.filter((each) => each !== 'bank/debtor')).size,
    described.asked.filter((each) => each !== 'bank/debtor').length,
  );
});

test('a clock that went stale is moved by the members, and the transaction goes through', async () => {
  await sleep((SKEW_SEC + 1) * 1000);
  assert.equal((await submit('supplier', 'supplier', 'Issue', receivable('N4', 'e'))).validationCode, 'VALID');
});

test("of two members that act on one thing at once, the later gets the contract's own answer", async () => {
  const outcomes = await Promise.allSettled([
    submit('core', 'debtor', 'Confirm', { id: 'N4' }),
    submit('core', 'debtor', 'Reject', { id: 'N4', reason: 'too late' }),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  refused('CONTRACT_REFUSED', 'ILLEGAL_TRANSITION')(failure?.reason);
});

test('named members endorse, and they must be enough', async () => {
  const { endorsers } = await submit('supplier', 'supplier', 'Issue', receivable('N5', 'f'), { endorsingMembers: ['supplier', 'bank'] });
  assert.deepEqual(endorsers.toSorted(), ['bank', 'supplier']);
  await assert.rejects(
    submit('supplier', 'supplier', 'Issue', receivable('N6', '1'), { endorsingMembers: ['supplier'] }),
    refused('INVALID_ARGUMENT'),
  );
});

test('when a peer is down another member endorses; when too few are left it says who is missing', async () => {
  const [core, , bank] = network.peers;
  await core!.process().kill();
  const { endorsers } = await submit('supplier', 'supplier', 'Issue', receivable('N7', '2'));
  assert.deepEqual(endorsers.toSorted(), ['bank', 'supplier']);
  await bank!.process().kill();
  await assert.rejects(submit('supplier', 'supplier', 'Issue', receivable('N8', '3')), (error: TransactionError) => {
    refused('NOT_ENDORSED')(error);
    assert.match(error.message, new RegExp(core!.endpoint.address));
    return true;
  });
  // It waits for peers that are being started.
  await Promise.all([core!.start(), bank!.start(), submit('supplier', 'supplier', 'Issue', receivable('N8', '3'), { endorsingMembers: ['core', 'supplier', 'bank'] })]);
});

test('a peer of the submitter that hangs does not hold the transaction up for ever', async () => {
  const [, supplier] = network.peers;
  await submit('supplier', 'supplier', 'Issue', receivable('H1', '4'));
  supplier!.process().signal('SIGSTOP');
  try {
    const { endorsers } = await submit('supplier', 'supplier', 'Issue', receivable('H2', '5'), { deadlineMs: 60_000 });
    assert.deepEqual(endorsers.toSorted(), ['bank', 'core']);
  } finally {
    supplier!.process().signal('SIGCONT');
  }
  assert.equal((await read('supplier', 'Get', { id: 'H2' })).state, 'ISSUED');
});

test('a member whose peer is down acts through a gateway that has just started', async () => {
  const [, supplier] = network.peers;
  await supplier!.process().kill();
  const another = startGateway();
  try {
    const issue = { ...address, member: 'supplier', role: 'supplier', function: 'Issue', args: [JSON.stringify(receivable('D1', '6'))] };
    const { endorsers, validationCode } = await another.submitTransaction(issue);
    assert.deepEqual([endorsers.toSorted(), validationCode], [['bank', 'core'], 'VALID']);
    const reading = { ...address, member: 'supplier', function: 'Get', args: ['{"id":"D1"}'] };
    await assert.rejects(another.evaluateTransaction(reading), (error: TransactionError) => {
      refused('NOT_ENDORSED')(error);
      assert.match(error.message, new RegExp(supplier!.endpoint.address));
      return true;
    });
  } finally {
    another.close();
    await supplier!.start();
  }
});

test('a call has a deadline that can be kept, and ends with it or with the gateway', async () => {
  for (const deadlineMs of [0, -1, Number.NaN, 1e9])
    await assert.rejects(submit('supplier', 'supplier', 'Issue', receivable('T1', '7'), { deadlineMs }), refused('INVALID_ARGUMENT'));
  const [, supplier] = network.peers;
  const another = startGateway();
  supplier!.process().signal('SIGSTOP');
  try {
    const reading = { ...address, member: 'supplier', function: 'Get', args: ['{"id":"D1"}'] };
    await assert.rejects(another.evaluateTransaction({ ...reading, deadlineMs: 3_000 }), (error: TransactionError) => {
      assert.ok(['NOT_ENDORSED', 'DEADLINE_EXCEEDED'].includes(error.code), error.code);
      assert.match(error.message, new RegExp(supplier!.endpoint.address));
      return true;
    });
    const hanging = another.evaluateTransaction({ ...reading, deadlineMs: 120_000 });
    await sleep(50);
    another.close();
    await assert.rejects(hanging, (error: TransactionError) => error.code === 'DEADLINE_EXCEEDED');
  } finally {
    supplier!.process().signal('SIGCONT');
  }
});

const ledger = { consortium: CONSORTIUM, channel: CHANNEL };

test("a ledger's blocks and transactions are read in a member's name or in that of whose peer it is", async () => {
  const issued = await submit('supplier', 'supplier', 'Issue', receivable('B1', '8'));
  for (const whose of [ledger, { ...ledger, member: 'bank' }]) {
    const block = await until('the peer that is asked has it', () => gateway.blocks.blockOfTransaction(whose, issued.transactionId));
    assert.equal(block.number, issued.blockNumber);
    const [action] = block.transactions.find(({ transactionId }) => transactionId === issued.transactionId)!.actions;
    assert.equal(action!.contract, CONTRACT);
    assert.ok(action!.readWriteSets.some(({ writes }) => writes.some(({ value }) => Buffer.from(value).toString().includes('B1'))));
    assert.deepEqual((await gateway.blocks.block(whose, issued.blockNumber))?.hash, block.hash);
    assert.ok((await gateway.blocks.height(whose)) > block.number);
  }
  assert.equal(await gateway.blocks.block(ledger, 1_000_000), undefined);
  assert.equal(await gateway.blocks.blockOfTransaction(ledger, 'f'.repeat(64)), undefined);
  await assert.rejects(gateway.blocks.height({ ...ledger, member: 'operator' }), refused('NOT_FOUND'));
  await assert.rejects(gateway.blocks.height({ ...ledger, channel: 'other' }), refused('NOT_FOUND'));
  await assert.rejects(gateway.blocks.height({ ...ledger, uid: 'of-another-time' }), refused('NOT_FOUND'));
});

test('configurations are told from the newest on, and what holds now', async () => {
  const [first, ...more] = await gateway.blocks.configurations(ledger, undefined, 10);
  assert.deepEqual([first!.blockNumber, first!.sequence, more], [0, 0, []]);
  assert.match(first!.words.join(' '), /begins with the members BankMSP, CoreMSP, SupplierMSP/);
  assert.deepEqual((await gateway.blocks.configuration(ledger, 0))?.words, first!.words);
  assert.equal(await gateway.blocks.configuration(ledger, 1), undefined, 'a block of transactions');
  const { batch, policies, tickMs } = await gateway.blocks.settings(ledger);
  assert.ok(batch.maxMessageCount > 0 && (tickMs ?? 0) > 0);
  assert.ok(policies.some(({ group, name, words }) => group === 'Application' && name === 'Endorsement' && /members/.test(words)));
});

test('a stream of blocks goes on at the next peer when one is killed, without gap or repetition', async () => {
  const stop = new AbortController();
  const followed: { number: number; hash: Uint8Array; previousHash: Uint8Array }[] = [];
  const following = (async () => {
    for await (const { block } of gateway.blocks.follow(ledger, undefined, stop.signal)) followed.push(block);
  })();
  await until('it has come to the newest block', async () => followed.length >= (await gateway.blocks.height(ledger)));
  const digests = ['a1', 'b2', 'c3'];
  for (const [index, peer] of network.peers.entries()) {
    await peer.process().kill();
    await peer.start();
    const id = `F${index}`;
    const docs = [{ alg: 'SHA-256', digest: digests[index]!.repeat(32) }];
    const { blockNumber } = await until('it is committed', () => submit('supplier', 'supplier', 'Issue', { ...receivable(id, '0'), docs }).catch(() => undefined));
    await until('the stream has it', () => Promise.resolve(followed.length > blockNumber));
  }
  stop.abort();
  await following;
  followed.forEach(({ number, previousHash }, index) => {
    assert.equal(number, index);
    assert.deepEqual(previousHash, followed[index - 1]?.hash ?? new Uint8Array());
  });
  const [, second] = followed;
  const rest = gateway.blocks.follow(ledger, second, AbortSignal.timeout(180_000));
  assert.equal((await rest.next()).value?.block.number, 2);
  await rest.return(undefined);
  const elsewhere = gateway.blocks.follow(ledger, { number: 1, hash: new Uint8Array(32) }, AbortSignal.timeout(180_000));
  await assert.rejects(elsewhere.next(), LedgerChangedError);
  const ahead = gateway.blocks.follow(ledger, { number: 1_000_000, hash: new Uint8Array(32) }, AbortSignal.timeout(180_000));
  await assert.rejects(ahead.next(), LedgerChangedError);
});

test('by way of other processes it is the same ledger, whichever of two gateways answers', async (t) => {
  const certificate = await makeServerCertificate(['localhost'], new Date());
  const ports: number[] = [];
  for (const served of [startGateway(), startGateway()]) {
    const server = createGatewayServer({ gateway: served, admission: { admit: () => Promise.resolve({ admitted: true, caller: 'test' }) }, logger: silentLogger });
    server.useCertificate(certificate);
    ports.push(await server.listen({ host: '127.0.0.1', port: 0 }));
    t.after(async () => {
      await server.close(0);
      served.close();
    });
  }
  const [first, second] = ports;
  const service = await startService(first!);
  t.after(service.close);
  const remote = createRemoteLedgerGateway({ url: service.url, token: () => Promise.resolve('token'), certificateAuthority: () => Promise.resolve(certificate.authority) });
  t.after(() => remote.close());
  const turn = (port: number | undefined): void => {
    service.to(port!);
    service.cut();
  };

  for (const index of [0, 1, 2, 3]) {
    const docs = [{ alg: 'SHA-256', digest: `e${index}`.repeat(32) }];
    turn(first);
    const issue = { ...address, member: 'supplier', role: 'supplier', function: 'Issue', args: [JSON.stringify({ ...receivable(`R${index}`, '0'), docs })] };
    const issued = await remote.submitTransaction(issue);
    assert.match(issued.requestId ?? '', /./);
    turn(second);
    const get = (member: string) => remote.evaluateTransaction({ ...address, member, function: 'Get', args: [JSON.stringify({ id: `R${index}` })] });
    for (const { name } of members) assert.equal(JSON.parse(await get(name)).state, 'ISSUED', `as ${name}, ${index}`);
    // The same call again, by the other gateway.
    const again = await remote.submitTransaction({ ...issue, requestId: issued.requestId! });
    assert.equal(again.result, issued.result);
  }

  const height = await remote.blocks.height(ledger);
  const own = { ...ledger, member: 'bank' };
  assert.deepStrictEqual(await remote.blocks.block(own, height - 1), await gateway.blocks.block(own, height - 1));
  assert.deepStrictEqual(await remote.blocks.configurations(ledger, undefined, 10), await gateway.blocks.configurations(ledger, undefined, 10));
  assert.deepStrictEqual(await remote.blocks.settings(ledger), await gateway.blocks.settings(ledger));
  await assert.rejects(remote.blocks.height({ ...ledger, channel: 'other' }), refused('NOT_FOUND'));
  await assert.rejects(remote.submitTransaction({ ...address, member: 'bank', role: 'funder', function: 'Issue', args: [JSON.stringify(receivable('R9', '7'))] }), refused('CONTRACT_REFUSED'));

  const stop = new AbortController();
  const numbers: number[] = [];
  for await (const { block } of remote.blocks.follow(ledger, undefined, stop.signal)) {
    if (numbers.push(block.number) === 3) turn(first);
    if (numbers.length === height) stop.abort();
  }
  assert.deepEqual(numbers, Array.from({ length: height }, (_, number) => number));
  await assert.rejects(remote.blocks.follow(ledger, { number: 1, hash: new Uint8Array(32) }, AbortSignal.timeout(180_000)).next(), LedgerChangedError);
});

test('a leader that is killed under load loses nothing that was said to be committed', async () => {
  const issued: string[] = [];
  const load = Array.from({ length: 20 }, async (_, index) => {
    await sleep(index * 50);
    const id = `L${index}`;
    await submit('supplier', 'supplier', 'Issue', {
      ...receivable(id, '9'),
      docs: [{ alg: 'SHA-256', digest: index.toString(16).padStart(64, '0') }],
    });
    issued.push(id);
  });
  await sleep(300);
  const leader = await until('an orderer leads', async () => {
    for (const orderer of network.orderers) {
      const { body } = await fetch(`${orderer.operations.url}/metrics`).then(async (response) => ({ body: await response.text() }));
      if (/consensus_etcdraft_is_leader\{channel="trade"\} 1/.test(body)) return orderer;
    }
    return undefined;
  });
  await leader.process().kill();
  await Promise.all(load);
  for (const id of issued) assert.equal((await read('bank', 'Get', { id })).state, 'ISSUED');
  assert.equal(issued.length, 20);
});
