import { Server, ServerCredentials, status, type ServerDuplexStream, type UntypedHandleCall } from '@grpc/grpc-js';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import {
  broadcast,
  createConnections,
  createOperations,
  deliverFiltered,
  query,
  type Call,
  type Connections,
  type NodeEndpoint,
  type Signer,
} from '../src/index.ts';
import { createMember, subjectOf, type TestMember } from './nodes/member.ts';
import { until } from './nodes/process.ts';

/** Nodes that lie, hang, or speak something else: what a caller is told of each. */
let member: TestMember;
let signer: Signer;
let connections: Connections;
const ends: (() => void)[] = [];

before(async () => {
  member = await createMember('AcmeMSP');
  signer = await member.client();
  connections = createConnections();
});

after(() => {
  connections.close();
  for (const end of ends) end();
});

type Answer = (call: { end(): void; fail(code: status, details: string): void; send(message: Uint8Array): void }) => void;

/** A server that reads one message per call and does as it is told. Its certificate is good for `names`. */
async function node(answer: Answer, names: readonly string[] = ['127.0.0.1']): Promise<NodeEndpoint> {
  const { certificate, key } = await member.tls.issue(subjectOf('node', 'peer'), 'tls', { addresses: names });
  const server = new Server();
  const bytes = (message: Uint8Array): Buffer => Buffer.from(message);
  const definition = (path: string, isStream: boolean) => ({
    path,
    requestStream: isStream,
    responseStream: isStream,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  });
  const unary: UntypedHandleCall = (_: unknown, reply: (error: object | null, message?: Uint8Array) => void) =>
    answer({ end: () => undefined, fail: (code, details) => reply({ code, details }), send: (message) => reply(null, message) });
  const stream: UntypedHandleCall = (call: ServerDuplexStream<Uint8Array, Uint8Array>) =>
    call.once('data', () =>
      answer({
        end: () => call.end(),
        fail: (code, details) => call.emit('error', { code, details }),
        send: (message) => call.write(message),
      }),
    );
  server.addService(
    {
      endorse: definition('/protos.Endorser/ProcessProposal', false),
      deliver: definition('/protos.Deliver/DeliverFiltered', true),
      broadcast: definition('/orderer.AtomicBroadcast/Broadcast', true),
    },
    { endorse: unary, deliver: stream, broadcast: stream },
  );
  const pair = { cert_chain: Buffer.from(certificate + member.tls.issuing), private_key: Buffer.from(key) };
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  ends.push(() => server.forceShutdown());
  return { address: `127.0.0.1:${port}`, tlsRoots: [member.tls.root], mspId: 'AcmeMSP' };
}

const chainInfo: Call = { kind: 'GetChainInfo', channel: 'trade' };
const ask = (endpoint: NodeEndpoint, options?: Parameters<typeof query>[4]) => query(connections, endpoint, signer, chainInfo, options);
const said = (endpoint: NodeEndpoint) => new RegExp(endpoint.address.replaceAll('.', '\\.'));

test('a certificate for another address is not accepted', async () => {
  const elsewhere = await node(({ send }) => send(new Uint8Array()), ['127.0.0.2']);
  await assert.rejects(ask(elsewhere), { code: 'TLS_REFUSED', retryable: false, message: said(elsewhere), nextAction: /address is in the node's certificate/ });
  const named = { ...elsewhere, address: elsewhere.address.replace('127.0.0.1', 'localhost') };
  await assert.rejects(ask(named), { code: 'TLS_REFUSED', message: /altnames/ });
});

test('a peer that says nothing is left when the time is up, or when the caller gives up', async () => {
  const silent = await node(() => undefined);
  await assert.rejects(ask(silent, { timeoutMs: 200 }), { code: 'DEADLINE_EXCEEDED', message: said(silent) });
  await assert.rejects(ask(silent, { signal: AbortSignal.timeout(100) }), { code: 'CANCELLED', message: said(silent) });
});

test('a peer that answers with something unreadable is named', async () => {
  const garbling = await node(({ send }) => send(new Uint8Array([0xff, 0xff])));
  await assert.rejects(ask(garbling), { name: 'EndorseError', code: 'UNEXPECTED_ANSWER', message: said(garbling) });
});

test('a peer that is asked too much, or for too much, is told apart from one that refuses', async () => {
  const busy = await node(({ fail }) => fail(status.UNKNOWN, 'too many requests for /protos.Endorser, exceeding concurrency limit (2500)'));
  await assert.rejects(ask(busy), { code: 'OVERLOADED', retryable: true });
  const small = await node(({ fail }) => fail(status.RESOURCE_EXHAUSTED, 'grpc: received message larger than max (200 vs. 100)'));
  await assert.rejects(ask(small), { code: 'MESSAGE_TOO_LARGE', retryable: false, message: said(small) });
});

test('an orderer that garbles its answer, or breaks off, may have taken the transaction', async () => {
  const envelope = new common.Envelope();
  for (const answer of [
    ({ send }) => send(new Uint8Array([0xff])),
    ({ end }) => end(),
    ({ fail }) => fail(status.UNAVAILABLE, 'going away'),
  ] satisfies Answer[]) {
    const broken = await node(answer);
    await assert.rejects(broadcast(connections, { ordering: 'raft', nodes: [broken] }, envelope), {
      name: 'SubmitError',
      code: 'ORDERERS_UNAVAILABLE',
      maybeTaken: true,
      message: said(broken),
    });
  }
  const accepted = new orderer.BroadcastResponse();
  accepted.setStatus(common.Status.SUCCESS);
  const good = await node(({ send }) => send(accepted.serializeBinary()));
  await broadcast(connections, { ordering: 'raft', nodes: [good] }, envelope);
});

/** uint64 as varint, beyond what a number holds exactly. */
const HUGE = Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);

function filtered(number: number, channel = 'trade'): Uint8Array {
  const block = new peer.FilteredBlock();
  block.setChannelId(channel);
  block.setNumber(number);
  const response = new peer.DeliverResponse();
  response.setFilteredBlock(block);
  return response.serializeBinary();
}

test('streams of blocks that lie are ended, with the node and what it did', async () => {
  const huge = Buffer.concat([Buffer.from([0x1a, HUGE.length]), HUGE]); // DeliverResponse.filtered_block.number
  const lies: [Answer, RegExp][] = [
    [({ send }) => send(filtered(9)), /sent block 9 of channel trade, where block 7 is next/],
    [({ send }) => (send(filtered(7)), send(filtered(7))), /sent block 7 of channel trade, where block 8 is next/],
    [({ send }) => send(filtered(7, 'other')), /sent block 7 of channel other/],
    [({ send }) => send(huge), /sent block 9223372036854776000 /],
    [({ send }) => send(new Uint8Array([0xff])), /cannot be read as DeliverResponse/],
    [({ send }) => send(new Uint8Array()), /answered with status 0/],
    [({ end }) => end(), /ended the stream without a status/],
    [({ fail }) => fail(status.INTERNAL, 'oh no'), /oh no/],
  ];
  for (const [answer, message] of lies) {
    const lying = await node(answer);
    const stream = deliverFiltered(connections, lying, signer, { channel: 'trade', start: 7, whenMissing: 'wait' });
    await assert.rejects(Array.fromAsync(stream), (error: Error) => {
      assert.equal(error.name, 'DeliverError');
      assert.match(error.message, message);
      assert.match(error.message, said(lying));
      return true;
    });
  }
});

test('who reads a stream of blocks ends it', async () => {
  const quiet = await node(({ send }) => send(filtered(7)));
  const reading = new AbortController();
  const range = { channel: 'trade', start: 7, whenMissing: 'wait' as const };
  const numbers: number[] = [];
  await assert.rejects(
    async () => {
      for await (const { number } of deliverFiltered(connections, quiet, signer, range, { signal: reading.signal })) {
        numbers.push(number);
        reading.abort();
      }
    },
    { code: 'CANCELLED' },
  );
  for await (const { number } of deliverFiltered(connections, quiet, signer, range)) {
    numbers.push(number);
    break;
  }
  assert.deepEqual(numbers, [7, 7]);
});

/** The same node through a server that counts connections. */
async function counted(endpoint: NodeEndpoint): Promise<NodeEndpoint & { open(): number }> {
  const [host = '', port] = endpoint.address.split(':');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onwards = createConnection({ host, port: Number(port) });
    sockets.add(socket);
    socket.once('close', () => (sockets.delete(socket), onwards.destroy())).on('error', () => undefined);
    onwards.once('close', () => socket.destroy()).on('error', () => undefined);
    socket.pipe(onwards).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => (server.close(), sockets.forEach((socket) => socket.destroy())));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { ...endpoint, address: `127.0.0.1:${address.port}`, open: () => sockets.size };
}

test('a connection that is not used any more is closed when another is made; one with an open stream stays', async () => {
  const own = createConnections({ idleMs: 1 });
  const used = await counted(await node(({ send }) => send(new Uint8Array())));
  const streaming = await counted(await node(({ send }) => send(filtered(7))));
  const another = await node(({ send }) => send(new Uint8Array()));
  const ask = (endpoint: NodeEndpoint) => own.unary(endpoint, '/protos.Endorser/ProcessProposal', new Uint8Array());
  const stream = deliverFiltered(own, streaming, signer, { channel: 'trade', start: 7, whenMissing: 'wait' });
  try {
    assert.equal((await stream.next()).value?.number, 7);
    await ask(used);
    assert.deepEqual([used.open(), streaming.open()], [1, 1]);
    await sleep(10);
    await ask(another);
    await until('the unused connection is closed', () => Promise.resolve(used.open() === 0 || undefined));
    assert.equal(streaming.open(), 1);
    await ask(used);
    assert.equal(used.open(), 1);
  } finally {
    await stream.return(undefined);
    own.close();
  }
});

/** The same node behind a server that breaks or swallows the first connections, as the way to a pod that is being replaced does. */
async function behindGone(endpoint: NodeEndpoint, fates: readonly ('broken' | 'swallowed')[]): Promise<NodeEndpoint> {
  const [host = '', port] = endpoint.address.split(':');
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const fate = fates[sockets.push(socket.on('error', () => undefined)) - 1];
    if (fate === 'broken') socket.destroy();
    if (fate !== undefined) return;
    const onwards = createConnection({ host, port: Number(port) }).on('error', () => undefined);
    socket.once('close', () => onwards.destroy());
    socket.pipe(onwards).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => (server.close(), sockets.forEach((socket) => socket.destroy())));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { ...endpoint, address: `127.0.0.1:${address.port}` };
}

test('a connection that does not come about is given up: the calls on it fail as not sent, and the next one finds the node', async () => {
  const own = createConnections({ dialMs: 300 });
  const accepted = new orderer.BroadcastResponse();
  accepted.setStatus(common.Status.SUCCESS);
  const replaced = await behindGone(await node(({ send }) => send(accepted.serializeBinary())), ['swallowed', 'swallowed']);
  const handOver = () => broadcast(own, { ordering: 'raft', nodes: [replaced] }, new common.Envelope());
  try {
    const ask = (timeoutMs: number) => own.unary(replaced, '/protos.Endorser/ProcessProposal', new Uint8Array(), { timeoutMs });
    await assert.rejects(ask(50), { code: 'DEADLINE_EXCEEDED' });
    await assert.rejects(handOver(), { code: 'ORDERERS_UNAVAILABLE', maybeTaken: false });
    await assert.rejects(ask(60_000), { code: 'UNREACHABLE', message: said(replaced) });
    await until('the node is found', () => handOver().then(() => true, () => undefined));
  } finally {
    own.close();
  }
});

test('a connection that was refused and then swallowed is given up too', async () => {
  const own = createConnections({ dialMs: 300 });
  const replaced = await behindGone(await node(({ send }) => send(new Uint8Array())), ['broken', 'swallowed']);
  const ask = () => own.unary(replaced, '/protos.Endorser/ProcessProposal', new Uint8Array());
  try {
    await assert.rejects(ask(), { code: 'UNREACHABLE' });
    await until('the node is found', () => ask().then(() => true, () => undefined), { timeoutMs: 30_000 });
  } finally {
    own.close();
  }
});

/** Something that listens where an operations endpoint should be. */
async function listener(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return `http://127.0.0.1:${address.port}`;
}

test('an endpoint that does not speak HTTP, says too much or breaks off is told of in words', async () => {
  const metrics = async (answer: (socket: Socket) => void) => createOperations({ url: await listener(answer) }).metrics({ timeoutMs: 20_000 });
  await assert.rejects(
    metrics((socket) => socket.end('SSH-2.0-something\r\n')),
    { name: 'ConnectError', code: 'UNEXPECTED_ANSWER', message: /127\.0\.0\.1:\d+/ },
  );
  await assert.rejects(
    metrics((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n');
      socket.end(Buffer.alloc(33 * 1024 * 1024, 'x'));
    }),
    { code: 'MESSAGE_TOO_LARGE', message: /larger than 33554432 bytes/ },
  );
  await assert.rejects(
    metrics((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')),
    { name: 'ConnectError', code: 'UNREACHABLE' },
  );
  await assert.rejects(
    metrics((socket) => socket.end('HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\nno')),
    { name: 'OperationsError', code: 'UNEXPECTED_ANSWER', message: /HTTP 500 no/ },
  );
});
