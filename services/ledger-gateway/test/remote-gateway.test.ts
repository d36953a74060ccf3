import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { silentLogger, systemClock, type Logger } from '@guildhall/kubernetes';
import { createAdmission, type Judgement } from '../src/callers/admission.ts';
import { createRemoteLedgerGateway, LedgerChangedError, TRANSACTION_ERROR_CODES, TransactionError, type LedgerPosition, type RemoteLedgerGateway, type RemoteLedgerGatewayOptions, type TransactionErrorCode } from '../src/index.ts';
import { MAX_REQUEST_BYTES, TOKEN_AUDIENCE } from '../src/internal-api/protocol.ts';
import { createGatewayServer, type CallEnd, type GatewayServer, type GatewayServerOptions } from '../src/internal-api/server.ts';
import { makeServerCertificate } from '../src/server-certificate/certificate.ts';
import { block, createFakeGateway, hashOf, type FakeGateway } from './fake-gateway.ts';
import { startService } from './service.ts';

const caller = 'system:serviceaccount:guildhall:guildhall-control-plane';
const tokens: Record<string, Judgement> = {
  good: { authenticated: true, user: caller, audiences: [TOKEN_AUDIENCE] },
  stranger: { authenticated: true, user: 'system:serviceaccount:guildhall:default', audiences: [TOKEN_AUDIENCE] },
  'wrong-audience': { authenticated: true, user: caller, audiences: ['https://kubernetes.default.svc'] },
};
const certificate = await makeServerCertificate(['localhost'], new Date());
const address = { consortium: 'trade-finance', channel: 'trade', uid: 'u-1' };
const call = { consortium: 'trade-finance', member: 'bank', channel: 'trade', contract: 'receivable', function: 'Issue', args: ['{"id":"R1"}'] };

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface World {
  gateway: FakeGateway;
  server: GatewayServer;
  port: number;
  calls: CallEnd[];
  remote: RemoteLedgerGateway;
  connect(options?: Partial<RemoteLedgerGatewayOptions>): RemoteLedgerGateway;
}

async function start(options: Partial<GatewayServerOptions> & { port?: number; logger?: Logger } = {}): Promise<World> {
  const gateway = createFakeGateway();
  const judge = async (token: string): Promise<Judgement> => tokens[token] ?? { authenticated: false };
  const admission = createAdmission({ judge, audience: TOKEN_AUDIENCE, allowed: new Set([caller]), clock: systemClock });
  const calls: CallEnd[] = [];
  const server = createGatewayServer({ gateway, admission, logger: silentLogger, onCall: (end) => void calls.push(end), ...options });
  server.useCertificate(certificate);
  const port = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  ends.push(() => server.close(0));
  const connect: World['connect'] = (options = {}) => {
    const remote = createRemoteLedgerGateway({
      url: `https://localhost:${port}`,
      token: async () => 'good',
      certificateAuthority: async () => certificate.authority,
      ...options,
    });
    ends.push(() => remote.close());
    return remote;
  };
  return { gateway, server, port, calls, remote: connect(), connect };
}

const failure = async (work: Promise<unknown>): Promise<TransactionError> => {
  const error: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof TransactionError, String(error instanceof Error ? error.stack : error));
  return error;
};

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !holds(); await delay(5)) if (Date.now() > deadline) throw new Error(`it does not come true that ${what}`);
}

/** It was called again and again, each time with the last block that had come. */
function wentOn({ asked }: FakeGateway): void {
  const [first, ...others] = asked.map(({ args }) => args[1] as LedgerPosition | undefined);
  assert.equal(first, undefined);
  assert.ok(others.length >= 2);
  for (const after of others) if (after) assert.deepStrictEqual(after, { number: after.number, hash: hashOf(after.number) });
  assert.ok((others.at(-1)?.number ?? 0) >= 1);
}

const waitFor = (signal: AbortSignal): Promise<void> => (signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => undefined));

test('every call arrives as it was made, and its answer as it was given', async () => {
  const { gateway, remote, calls } = await start();
  const transaction = { transactionId: 't', ledger: 'gh-trade-finance/trade/u-1', blockNumber: 2 ** 40, validationCode: 'VALID', result: '{"ok":"ü\u2028"}', endorsers: ['bank'], requestId: undefined };
  const configuration = { blockNumber: 0, sequence: 1, changes: [], signers: [{ mspId: 'BankMSP', certificate: 'pem' }], words: ['It begins.'] };
  const settings = { sequence: 1, blockNumber: 0, batch: { maxMessageCount: 1 }, tickMs: undefined, policies: [] };
  gateway.answers = {
    submitTransaction: () => transaction,
    evaluateTransaction: () => '[]',
    height: () => 7,
    block: () => block(3),
    blockOfTransaction: () => undefined,
    configuration: () => configuration,
    configurations: () => [configuration],
    settings: () => settings,
  };
  const everything = { ...call, transient: { secret: 'x' }, role: 'bank', deadlineMs: 5_000 };
  assert.deepStrictEqual(await remote.submitTransaction({ ...everything, requestId: 'r-1', endorsingMembers: ['bank', 'mill'] }), transaction);
  assert.equal(await remote.evaluateTransaction(everything), '[]');
  assert.equal(await remote.blocks.height(address), 7);
  assert.deepStrictEqual(await remote.blocks.block({ ...address, member: 'bank' }, 3), block(3));
  assert.equal(await remote.blocks.blockOfTransaction(address, 'tx'), undefined);
  assert.deepStrictEqual(await remote.blocks.configuration(address, 0), configuration);
  assert.deepStrictEqual(await remote.blocks.configurations(address, undefined, 5), [configuration]);
  assert.deepStrictEqual(await remote.blocks.configurations(address, 4, 5), [configuration]);
  assert.deepStrictEqual(await remote.blocks.settings(address), settings);
  assert.deepStrictEqual(
    gateway.asked.map(({ call, args }) => [call, ...args]),
    [
      ['submitTransaction', { ...everything, args: ['{"requestId":"r-1","id":"R1"}'], requestId: 'r-1', endorsingMembers: ['bank', 'mill'] }],
      // Whichever gateway answers: not from before what was told.
      ['evaluateTransaction', { ...everything, seen: { ledger: 'gh-trade-finance/trade/u-1', blockNumber: 2 ** 40 } }],
      ['height', address],
      ['block', { ...address, member: 'bank' }, 3],
      ['blockOfTransaction', address, 'tx'],
      ['configuration', address, 0],
      ['configurations', address, undefined, 5],
      ['configurations', address, 4, 5],
      ['settings', address],
    ],
  );
  assert.deepEqual(new Set(calls.map(({ outcome }) => outcome)), new Set(['ok']));
});

test('every error arrives as the same class with all its fields, and is counted as what it is', async () => {
  const { gateway, remote, calls } = await start();
  for (const code of Object.keys(TRANSACTION_ERROR_CODES) as TransactionErrorCode[]) {
    const error = new TransactionError(code, `It is ${code}.`, { contract: { code: 'NO', message: 'No.' }, validation: { code: 11, name: 'MVCC_READ_CONFLICT' }, transactionId: 't', requestId: 'r', nodes: [{ address: 'a:1', message: 'm' }] });
    const fail = (): never => {
      throw error;
    };
    gateway.answers = { evaluateTransaction: fail, submitTransaction: fail, follow: fail };
    const streamed = async (): Promise<void> => {
      for await (const _ of remote.blocks.follow(address, undefined, new AbortController().signal)) throw new Error('a block');
    };
    for (const arrived of await Promise.all([remote.evaluateTransaction(call), remote.submitTransaction(call), streamed()].map(failure))) assert.deepStrictEqual(arrived, error);
    await until('all are counted', () => calls.length === 3);
    assert.deepEqual(calls.splice(0).map(({ call, outcome }) => [call, outcome]).toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)), [['evaluateTransaction', code], ['follow', code], ['submitTransaction', code]]);
  }
  gateway.answers = {
    follow: () => {
      throw new LedgerChangedError('It is another one.');
    },
  };
  await assert.rejects(remote.blocks.follow(address, { number: 3, hash: hashOf(3) }, new AbortController().signal).next(), LedgerChangedError);
  await until('it is counted', () => calls.length === 1);
  assert.equal(calls[0]?.outcome, 'LedgerChangedError');
});

test('of a fault of the gateway the caller learns a reference, the log the reason; a submission may have been done', async () => {
  const logged: object[] = [];
  const { gateway, remote } = await start({ logger: { ...silentLogger, error: (fields) => void logged.push(fields) } });
  const fail = (): never => {
    throw new RangeError('a secret detail');
  };
  gateway.answers = { height: fail, submitTransaction: fail, block: () => new Map(), follow: fail };
  await assert.rejects(remote.blocks.height(address), (error: Error) => /its log says why, under [0-9a-f-]{36}/.test(error.message) && !/secret/.test(error.message) && !(error instanceof TransactionError));
  await assert.rejects(remote.blocks.block(address, 1), /its log says why/);
  await assert.rejects(remote.blocks.follow(address, undefined, new AbortController().signal).next(), /its log says why/);
  const unknown = await failure(remote.submitTransaction({ ...call, requestId: 'mine' }));
  assert.deepEqual([unknown.code, unknown.requestId], ['OUTCOME_UNKNOWN', 'mine']);
  assert.equal(logged.length, 4);
  assert.ok(logged.every((fields) => 'err' in fields && 'reference' in fields));
});

test('blocks come as they are made, and when their reader goes the gateway stops reading', async () => {
  const { gateway, remote } = await start({ heartbeatMs: 20 });
  const released = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  let asked = 0;
  gateway.answers = { follow: (signal) => Promise.race([released[asked++]?.promise, waitFor(signal)]) };
  const reading = new AbortController();
  const stream = remote.blocks.follow(address, { number: 0, hash: hashOf(0) }, reading.signal);
  const first = stream.next();
  await delay(100); // Longer than a heartbeat: nothing but blocks comes out.
  released[0]?.resolve(true);
  assert.deepStrictEqual((await first).value, { block: block(1), live: false });
  released[1]?.resolve(true);
  assert.deepStrictEqual((await stream.next()).value, { block: block(2), live: true });
  const [followed] = gateway.asked;
  assert.deepStrictEqual(followed?.args, [address, { number: 0, hash: hashOf(0) }]);
  assert.equal(followed?.signal?.aborted, false);
  const third = stream.next();
  reading.abort();
  assert.equal((await third).done, true);
  await until('the gateway knows that nobody reads', () => followed?.signal?.aborted === true);
});

test('who stops in the middle of a stream ends it too', async () => {
  const { gateway, remote } = await start();
  gateway.answers = { follow: () => true };
  for await (const { block } of remote.blocks.follow(address, undefined, new AbortController().signal)) if (block.number === 3) break;
  await until('the gateway knows that nobody reads', () => gateway.asked[0]?.signal?.aborted === true);
});

test('a stream that has lasted long enough goes on after its last block without a gap', async () => {
  const { gateway, remote } = await start({ streamMs: 50, heartbeatMs: 10 });
  let given = 0;
  gateway.answers = { follow: async (signal) => (given++ % 3 === 2 ? waitFor(signal) : true) };
  const numbers: number[] = [];
  for await (const { block } of remote.blocks.follow(address, undefined, new AbortController().signal)) if (numbers.push(block.number) === 6) break;
  assert.deepEqual(numbers, [0, 1, 2, 3, 4, 5]);
  wentOn(gateway);
});

test('a stream that is cut, or falls silent, goes on after its last block without a gap', async () => {
  const { gateway, port, connect } = await start({ heartbeatMs: 1_000_000 });
  const service = await startService(port);
  ends.push(service.close);
  const remote = connect({ url: service.url, quietMs: 200 });
  let given = 0;
  gateway.answers = { follow: async (signal) => (given++ % 3 === 2 ? waitFor(signal) : true) };
  const numbers: number[] = [];
  for await (const { block } of remote.blocks.follow(address, undefined, new AbortController().signal)) {
    if (numbers.push(block.number) === 2) service.cut();
    if (numbers.length === 5) break;
  }
  assert.deepEqual(numbers, [0, 1, 2, 3, 4]);
  wentOn(gateway);
});

test('when a connection is cut, what only reads is asked again, and a submission is not sent twice', async () => {
  const { gateway, port, connect } = await start();
  const service = await startService(port);
  ends.push(service.close);
  const remote = connect({ url: service.url });
  gateway.answers = { height: (signal) => (gateway.asked.length === 1 ? waitFor(signal) : 5), submitTransaction: waitFor };
  const height = remote.blocks.height(address);
  await until('it is under way', () => gateway.asked.length === 1);
  service.cut();
  assert.equal(await height, 5);
  const unknown = failure(remote.submitTransaction({ ...call, requestId: 'r' }));
  await until('it is under way', () => gateway.asked.length === 3);
  service.cut();
  const { code, requestId, message } = await unknown;
  assert.deepEqual([code, requestId], ['OUTCOME_UNKNOWN', 'r']);
  assert.match(message, /had the call and did not answer/);
  await delay(500);
  assert.deepEqual(gateway.asked.map(({ call }) => call), ['height', 'height', 'submitTransaction']);
});

test('an idle connection that is dead when it is needed costs nothing: the call is made on another one', async () => {
  const { gateway, port, connect } = await start();
  const service = await startService(port);
  ends.push(service.close);
  const remote = connect({ url: service.url });
  gateway.answers = { height: () => 1, submitTransaction: () => ({ transactionId: 't', ledger: 'l', blockNumber: 1 }) };
  for (let time = 0; time < 5; time++) {
    await remote.blocks.height(address);
    service.cut(); // The client does not know of it yet.
    assert.equal((await remote.submitTransaction(call)).transactionId, 't');
  }
  assert.equal(gateway.asked.filter(({ call }) => call === 'submitTransaction').length, 5);
});

test('idle connections that died without a word do not cost the deadline: the call is made on a new one', async () => {
  const { gateway, port, connect } = await start();
  const service = await startService(port);
  ends.push(service.close);
  const remote = connect({ url: service.url, connectTimeoutMs: 150, graceMs: 50 });
  gateway.answers = { height: () => 1, submitTransaction: () => ({ transactionId: 't', ledger: 'l', blockNumber: 1 }), follow: () => true };
  // As many as there are attempts, and more.
  const lieIdle = async (): Promise<void> => {
    const both = Promise.withResolvers<number>();
    gateway.answers['height'] = () => both.promise;
    const begun = gateway.asked.length;
    const heights = Array.from({ length: 4 }, () => remote.blocks.height(address));
    await until('all are under way', () => gateway.asked.length === begun + 4);
    both.resolve(1);
    await Promise.all(heights);
    service.silence();
  };
  await lieIdle();
  assert.equal((await remote.submitTransaction(call)).transactionId, 't');
  await lieIdle();
  for await (const { block } of remote.blocks.follow(address, undefined, new AbortController().signal)) if (block.number === 1) break;
  assert.deepEqual(gateway.asked.map(({ call }) => call).filter((call) => call !== 'height'), ['submitTransaction', 'follow']);
});

test('attempts share one deadline, and the gateway is told what is left of it', async () => {
  const { gateway, port, connect } = await start();
  const service = await startService(port);
  ends.push(service.close);
  let now = 0;
  gateway.answers = {
    evaluateTransaction: (signal) => {
      now += 600;
      service.cut();
      return waitFor(signal);
    },
  };
  await failure(connect({ url: service.url, clock: { ...systemClock, monotonic: () => now } }).evaluateTransaction({ ...call, deadlineMs: 1_000 }));
  assert.deepEqual(gateway.asked.map(({ args }) => (args[0] as { deadlineMs: number }).deadlineMs), [1_000, 400]);
});

test('what a gateway that ends refuses, another one takes', async () => {
  const [first, second] = [await start(), await start()];
  const service = await startService(first.port);
  ends.push(service.close);
  const remote = first.connect({ url: service.url });
  const busy = Promise.withResolvers<string>();
  first.gateway.answers = { height: () => 1, evaluateTransaction: () => busy.promise };
  second.gateway.answers = { submitTransaction: () => ({ transactionId: 'on the second', ledger: 'l', blockNumber: 1 }) };
  const underWay = first.remote.evaluateTransaction(call);
  await remote.blocks.height(address);
  const closed = first.server.close(10_000);
  service.to(second.port);
  assert.equal((await remote.submitTransaction(call)).transactionId, 'on the second');
  busy.resolve('done');
  await Promise.all([underWay, closed]);
});

test('what the caller ends, or has no more time for, ends at the gateway', async () => {
  const { gateway, remote, connect } = await start();
  gateway.answers = { evaluateTransaction: waitFor, height: waitFor, submitTransaction: waitFor };
  const ended = failure(remote.evaluateTransaction(call));
  await until('it is under way', () => gateway.asked.length === 1);
  remote.close();
  assert.equal((await ended).code, 'DEADLINE_EXCEEDED');
  await until('it is ended', () => gateway.asked[0]?.signal?.aborted === true);

  // The gateway is to keep deadlines; one that does not is not waited for.
  const late = await failure(connect({ graceMs: 20 }).evaluateTransaction({ ...call, deadlineMs: 30 }));
  assert.deepEqual([late.code, late.retryable], ['DEADLINE_EXCEEDED', true]);
  await until('it is ended', () => gateway.asked[1]?.signal?.aborted === true);

  const unknown = await failure(connect({ graceMs: 20, ids: () => 'chosen' }).submitTransaction({ ...call, deadlineMs: 30 }));
  assert.deepEqual([unknown.code, unknown.requestId, unknown.retryable], ['OUTCOME_UNKNOWN', 'chosen', true]);
  assert.match(JSON.stringify(gateway.asked[2]?.args), /\\"requestId\\":\\"chosen\\"/);
});

test('a gateway that goes in the middle of a submission leaves it unknown, under the id by which it can be sent again', async () => {
  const { gateway, server, remote, connect } = await start();
  gateway.answers = { submitTransaction: () => new Promise(() => undefined) };
  const going = failure(remote.submitTransaction(call));
  const withoutId = failure(connect().submitTransaction({ ...call, args: ['plain'] }));
  await until('both are under way', () => gateway.asked.length === 2);
  await server.close(0);
  const unknown = await going;
  assert.equal(unknown.code, 'OUTCOME_UNKNOWN');
  assert.match(unknown.requestId ?? '', /^[0-9a-f]{12}$/);
  assert.match(unknown.nextAction, /same requestId/);
  const sent = gateway.asked.map(({ args }) => JSON.stringify(args)).find((args) => !args.includes('plain'));
  assert.ok(sent?.includes(unknown.requestId ?? 'none'));
  const lost = await withoutId;
  assert.deepEqual([lost.code, lost.requestId], ['OUTCOME_UNKNOWN', undefined]);
  assert.match(lost.nextAction, /Look on the ledger/);
});

test('when no gateway answers, nothing was done, and that is said with what to do', async () => {
  const { server, remote, connect } = await start();
  await server.close(0);
  const works: Promise<unknown>[] = [remote.submitTransaction({ ...call, requestId: 'r' }), remote.blocks.height(address), remote.blocks.follow(address, undefined, new AbortController().signal).next()];
  for (const error of await Promise.all(works.map(failure))) {
    assert.deepEqual([error.code, error.retryable], ['NOT_READY', true]);
    assert.match(error.message, /No ledger gateway answers: .*ECONNREFUSED/);
    assert.match(error.nextAction, /Check that the ledger gateway runs/);
  }
  assert.equal((await failure(remote.submitTransaction({ ...call, requestId: 'r' }))).requestId, 'r');

  const unprepared = await failure(connect({ certificateAuthority: () => Promise.reject(new Error("ENOENT: no such file or directory, open '/etc/ca.crt'")) }).submitTransaction(call));
  assert.equal(unprepared.code, 'NOT_READY');
  assert.match(unprepared.message, /cannot be called: ENOENT.*ca\.crt/);
  assert.match(unprepared.nextAction, /goes on by itself/);
  assert.match((await failure(connect({ certificateAuthority: async () => '' }).blocks.height(address))).message, /no certificate/);
  assert.match((await failure(connect({ token: async () => '\n' }).blocks.height(address))).message, /no token/);
});

test('what the caller is started with may come later: it says so once, and goes on', async () => {
  const { gateway, connect } = await start();
  gateway.answers = { height: () => 1 };
  const said: string[] = [];
  const logger = { ...silentLogger, warn: ({ err }: { err?: Error }) => void said.push(err?.message ?? ''), info: (_: object, message: string) => void said.push(message) };
  let there = false;
  const remote = connect({ logger, certificateAuthority: async () => (there ? certificate.authority : Promise.reject(new Error('ENOENT'))) });
  for (let calls = 0; calls < 3; calls++) assert.match((await failure(remote.blocks.height(address))).message, /ENOENT/);
  there = true;
  for (let calls = 0; calls < 2; calls++) assert.equal(await remote.blocks.height(address), 1);
  assert.deepEqual(said, ['ENOENT', 'the ledger gateway can be called again']);
});

test('that a gateway takes nobody is said once, as when none answers', async () => {
  const { gateway, connect } = await start();
  const said: string[] = [];
  const logger = { ...silentLogger, warn: ({ err }: { err?: Error }) => void said.push(err?.message ?? ''), info: (_: object, message: string) => void said.push(message) };
  let token = 'stranger';
  const remote = connect({ logger, token: async () => token });
  for (let calls = 0; calls < 2; calls++) await failure(remote.blocks.height(address));
  token = 'good';
  // The gateway takes the call, but not what is called: that says nothing of whether it can be called.
  await failure(remote.blocks.height({ ...address, channel: '' }));
  assert.equal(said.length, 1);
  gateway.answers = { height: () => { throw new TransactionError('NOT_FOUND', 'There is none.'); } };
  await failure(remote.blocks.height(address));
  assert.match(said[0] ?? '', /is not among those who may call/);
  assert.deepEqual(said.slice(1), ['the ledger gateway can be called again']);
});

test('one that takes the connection and says nothing is given up', async () => {
  const silent = createTcpServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  ends.push(() => silent.close());
  const { connect } = await start();
  const error = await failure(connect({ url: `https://localhost:${(silent.address() as AddressInfo).port}`, connectTimeoutMs: 20 }).submitTransaction(call));
  assert.equal(error.code, 'NOT_READY');
  assert.match(error.message, /no connection within 20 ms/);
});

test('a gateway that ends finishes what is on its way, refuses what comes, and lets streams go on elsewhere', async () => {
  const first = await start({ heartbeatMs: 10 });
  const finish = Promise.withResolvers<string>();
  first.gateway.answers = { evaluateTransaction: () => finish.promise, follow: waitFor };
  const underWay = first.remote.evaluateTransaction(call);
  const reading = new AbortController();
  const stream = first.remote.blocks.follow(address, undefined, reading.signal).next();
  await until('both are under way', () => first.gateway.asked.length === 2);
  const closed = first.server.close(10_000);
  const refused = await failure(first.connect().submitTransaction({ ...call, requestId: 'r' }));
  assert.deepEqual([refused.code, refused.retryable, refused.requestId], ['NOT_READY', true, 'r']);
  assert.match(refused.message, /is ending/);
  finish.resolve('done');
  assert.equal(await underWay, 'done');
  await closed;
  assert.equal(first.gateway.asked.some(({ call }) => call === 'submitTransaction'), false);

  const second = await start({ port: first.port });
  second.gateway.answers = { follow: () => true };
  assert.deepStrictEqual((await stream).value, { block: block(0), live: false });
  reading.abort();
});

test('a gateway that ends keeps no connection for the next call', async () => {
  const { gateway, server, port } = await start();
  const finish = Promise.withResolvers<string>();
  gateway.answers = { height: () => 1, evaluateTransaction: () => finish.promise };
  const agent = new Agent({ keepAlive: true });
  ends.push(() => agent.destroy());
  const ask = (path: string, body: object): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const sending = httpsRequest({ host: 'localhost', port, path, method: 'POST', ca: certificate.authority, agent, headers: { authorization: 'Bearer good' } }, resolve);
      sending.on('error', reject);
      sending.end(JSON.stringify(body));
    });
  const underWay = ask('/v1/evaluateTransaction', call);
  await until('it is under way', () => gateway.asked.length === 1);
  const before = await ask('/v1/height', { address });
  const idle = before.socket;
  await before.resume().toArray();
  const closed = server.close(60_000);
  if (!idle.destroyed) await once(idle, 'close');
  finish.resolve('done');
  const { statusCode, headers } = await underWay;
  assert.deepEqual([before.headers.connection, statusCode, headers.connection], ['keep-alive', 200, 'close']);
  await closed;
});

test('what takes longer than the end of the gateway may is ended', async () => {
  const { gateway, server, remote } = await start();
  gateway.answers = { evaluateTransaction: async (signal) => { await waitFor(signal); throw new TransactionError('DEADLINE_EXCEEDED', 'It was ended.'); } };
  const ended = failure(remote.evaluateTransaction(call));
  await until('it is under way', () => gateway.asked.length === 1);
  await server.close(10);
  assert.equal((await ended).message, 'It was ended.');
});

test('who is not known, known for another purpose, or not named, gets nowhere', async () => {
  const { gateway, connect, calls } = await start();
  const expected: [string, RegExp, RegExp][] = [
    ['nobody', /does not know its token/, /audience guildhall-ledger-gateway/],
    ['wrong-audience', /not made out for guildhall-ledger-gateway/, /audience guildhall-ledger-gateway/],
    ['stranger', /system:serviceaccount:guildhall:default is not among/, /GUILDHALL_ALLOWED_CALLERS/],
  ];
  for (const [token, message, nextAction] of expected) {
    const remote = connect({ token: async () => token });
    const works: Promise<unknown>[] = [remote.submitTransaction(call), remote.blocks.height(address), remote.blocks.follow(address, undefined, new AbortController().signal).next()];
    for (const error of await Promise.all(works.map(failure))) {
      assert.equal(error.code, 'NOT_READY');
      assert.match(error.message, message);
      assert.match(error.nextAction, nextAction);
    }
  }
  assert.deepEqual(gateway.asked, []);
  assert.deepEqual(new Set(calls.map(({ outcome }) => outcome)), new Set(['refused']));
});

interface Raw {
  path?: string;
  method?: string;
  token?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

/** A request as a stranger may make it. */
const raw = (port: number, { path = '/v1/height', method = 'POST', token = 'good', body = '', headers = {} }: Raw): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const sending = httpsRequest({ host: 'localhost', port, path, method, ca: certificate.authority, agent: false, headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });

test('a request that is no call, or too large, is refused before anything is done', async () => {
  const { gateway, port, remote } = await start();
  const good = JSON.stringify({ address: { consortium: 'a', channel: 'b' } });
  const refused: [Raw, number, RegExp][] = [
    [{ token: '', body: good }, 401, /brings no token/],
    [{ token: '', path: '/v1/nothing' }, 401, /brings no token/],
    [{ path: '/v1/nothing', body: good }, 404, /does not know this call/],
    [{ path: '/v1/constructor', body: good }, 404, /does not know this call/],
    [{ path: '/v1/height?x=1', body: good }, 404, /does not know this call/],
    [{ method: 'GET' }, 404, /does not know this call/],
    [{ body: '' }, 400, /no JSON/],
    [{ body: '{"address":' }, 400, /no JSON/],
    [{ body: '[]' }, 400, /height: /],
    [{ body: JSON.stringify({ address: { consortium: '', channel: 'b', more: 1 }, other: 2 }) }, 400, /address\.consortium.*address.*more.*other/],
    [{ path: '/v1/block', body: JSON.stringify({ address: { consortium: 'a', channel: 'b' }, number: -1 }) }, 400, /number: /],
    [{ path: '/v1/follow', body: JSON.stringify({ address: { consortium: 'a', channel: 'b' }, after: { number: 1, hash: 'AAAA' } }) }, 400, /after\.hash: /],
    [{ body: randomBytes(MAX_REQUEST_BYTES + 1) }, 413, /larger than 8388608 bytes/],
    // Without a length it is counted as it comes.
    [{ body: randomBytes(MAX_REQUEST_BYTES + 1), headers: { 'transfer-encoding': 'chunked' } }, 413, /larger than 8388608 bytes/],
  ];
  for (const [request, status, words] of refused) {
    const answer = await raw(port, request);
    assert.equal(answer.status, status, `${JSON.stringify(request).slice(0, 200)}: ${answer.text}`);
    assert.match(answer.text, words);
    const { error } = JSON.parse(answer.text);
    assert.ok(error.code in TRANSACTION_ERROR_CODES && error.nextAction.length > 0, answer.text);
  }
  const tooLarge = await failure(remote.submitTransaction({ ...call, args: ['x'.repeat(MAX_REQUEST_BYTES)] }));
  assert.equal(tooLarge.code, 'INVALID_ARGUMENT');
  assert.deepEqual(gateway.asked, []);
  gateway.answers = { height: () => 3 };
  assert.deepEqual(await raw(port, { body: good }), { status: 200, text: '{"result":3}' });
});

test('it speaks TLS 1.3 alone, and a caller takes nobody else for it', async () => {
  const { gateway, port, connect } = await start();
  gateway.answers = { height: () => 1 };
  const other = await makeServerCertificate(['localhost'], new Date());
  assert.match((await failure(connect({ certificateAuthority: async () => other.authority }).blocks.height(address))).message, /certificate/);
  assert.match((await failure(connect({ url: `https://127.0.0.1:${port}` }).blocks.height(address))).message, /127\.0\.0\.1/);
  const old = connectTls({ host: 'localhost', port, ca: certificate.authority, maxVersion: 'TLSv1.2' });
  await assert.rejects(once(old, 'secureConnect'));
  const plain = connectTcp({ host: '127.0.0.1', port });
  plain.write('GET / HTTP/1.1\r\n\r\n');
  const said: Buffer[] = [];
  for await (const chunk of plain) said.push(chunk);
  assert.doesNotMatch(Buffer.concat(said).toString(), /HTTP/);
});

test('a certificate that changes breaks no call: callers trust both while it does', async () => {
  const { gateway, server, connect } = await start();
  gateway.answers = { height: () => 1 };
  const next = await makeServerCertificate(['localhost'], new Date());
  let published = certificate.authority;
  const remote = connect({ certificateAuthority: async () => published });
  assert.equal(await remote.blocks.height(address), 1);
  published = certificate.authority + next.authority;
  assert.equal(await remote.blocks.height(address), 1);
  server.useCertificate(next);
  assert.equal(await remote.blocks.height(address), 1);
  published = next.authority + certificate.authority;
  assert.equal(await remote.blocks.height(address), 1);
  published = next.authority;
  assert.equal(await remote.blocks.height(address), 1);
  assert.match((await failure(connect().blocks.height(address))).message, /certificate/);
});
