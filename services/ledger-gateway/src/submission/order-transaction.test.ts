import { blockDataHash, CommitStatusError, ConnectError, type CommitStatus, type CommitWatcher, type Connections } from '@guildhall/fabric';
import { silentLogger } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrdering } from './order-transaction.ts';

const { SUCCESS, SERVICE_UNAVAILABLE } = common.Status;
const committed: CommitStatus = { transactionId: 't1', blockNumber: 7, validationCode: 0, address: 'p0' };

/**
 * One orderer and one peer that does not know the transaction. `answers`: what the orderer says, one after the other; the last one stays. Without any it
 * accepts, and no stream of commits can be had.
 */
function ledger(...answers: readonly (200 | 503 | 'no answer')[]) {
  const handedIn: string[] = [];
  const asked: string[] = [];
  let found: Uint8Array | undefined;
  const clock = createFakeClock();
  const connections: Connections = {
    close: () => undefined,
    unary: ({ address }) => {
      asked.push(address);
      if (found) return Promise.resolve(found);
      const response = new peer.Response();
      response.setStatus(500);
      response.setMessage('Failed to get transaction with id t1, error no such transaction ID [t1] in index');
      const answer = new peer.ProposalResponse();
      answer.setResponse(response);
      return Promise.resolve(answer.serializeBinary());
    },
    duplex: () => ({
      write: (message) => void handedIn.push(Buffer.from(message).toString('hex')),
      end: () => undefined,
      cancel: () => undefined,
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        const response = new orderer.BroadcastResponse();
        const answer = answers[Math.min(handedIn.length, answers.length) - 1] ?? 200;
        if (answer === 'no answer') throw new ConnectError('DEADLINE_EXCEEDED', 'the orderer hangs');
        response.setStatus(answer === 503 ? SERVICE_UNAVAILABLE : SUCCESS);
        response.setInfo(answer === 503 ? 'no Raft leader' : '');
        yield response.serializeBinary();
      },
    }),
  };
  const told = Promise.withResolvers<CommitStatus>();
  const ready = Promise.withResolvers<void>();
  const overtaken: number[] = [];
  const breakOff = (): void => told.reject(new CommitStatusError('COMMIT_UNKNOWN', 'unknown', { transactionId: 't1' }));
  const watcher: CommitWatcher = {
    ready: () => ready.promise,
    overtaken: (blockNumber) => void overtaken.push(blockNumber),
    close: () => undefined,
    statusOf: (_, signal) => {
      signal.addEventListener('abort', breakOff);
      return told.promise;
    },
  };
  if (answers.length > 0) ready.resolve();
  const envelope = new common.Envelope();
  envelope.setPayload(new Uint8Array([1, 2, 3]));
  const identity = { mspId: 'AcmeMSP', certificate: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n' };
  const order = createOrdering({ connections, clock, logger: silentLogger });
  const deadline = new AbortController();
  const ordered = order({
    transaction: { envelope, transactionId: 't1', channel: 'trade' },
    orderers: [{ address: 'o0', tlsRoots: [] }],
    peers: [{ address: 'p0', tlsRoots: [] }],
    watcher,
    signer: { identity, sign: () => Promise.resolve(new Uint8Array([1])) },
    signal: deadline.signal,
  });
  ordered.catch(() => undefined);
  return {
    clock,
    handedIn,
    asked,
    ordered,
    overtaken,
    deadline,
    commit: (validationCode = 0) => told.resolve({ ...committed, validationCode }),
    /** The stream ends without a word. */
    breakOff,
    /** From now on the peer has the transaction. */
    found: () => (found = answerWith(blockWith('t1', 7))),
  };
}

/** What qscc answers: a block with one valid transaction that calls nothing. */
function blockWith(transactionId: string, number: number): common.Block {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setTxId(transactionId);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  const data = new common.BlockData();
  data.setDataList([envelope.serializeBinary()]);
  const blockHeader = new common.BlockHeader();
  blockHeader.setNumber(number);
  blockHeader.setDataHash(blockDataHash(data));
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList(['', '', '\0', '', ''].map((text) => Buffer.from(text)));
  const block = new common.Block();
  block.setHeader(blockHeader);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

function answerWith(block: common.Block): Uint8Array {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(block.serializeBinary());
  const answer = new peer.ProposalResponse();
  answer.setResponse(response);
  return answer.serializeBinary();
}

test('a transaction that is committed in time is handed in once', async () => {
  const { clock, handedIn, asked, ordered, commit } = ledger(200);
  await clock.settle();
  commit();
  assert.deepEqual(await ordered, committed);
  assert.deepEqual([handedIn.length, asked.length], [1, 0]);
});

test('between two leaders it waits and tries again', async () => {
  const { clock, handedIn, ordered, commit } = ledger(503, 503, 200);
  await clock.advance(1_000);
  assert.equal(handedIn.length, 3);
  commit();
  assert.deepEqual(await ordered, committed);
});

test('an accepted transaction that does not come is looked up, and the very same is handed in again', async () => {
  const { clock, handedIn, asked, ordered, commit } = ledger(200);
  await clock.advance(5_000);
  assert.deepEqual(asked, ['p0']);
  assert.equal(handedIn.length, 2);
  assert.equal(new Set(handedIn).size, 1);
  commit();
  assert.deepEqual(await ordered, committed);
});

test('without a stream of commits the transaction is handed in all the same, and the peers are asked', async () => {
  const { clock, handedIn, ordered, found } = ledger();
  await clock.advance(1_500);
  assert.equal(handedIn.length, 0);
  await clock.advance(1_000);
  assert.equal(handedIn.length, 1);
  found();
  await clock.advance(5_000);
  assert.deepEqual([await ordered, handedIn.length], [committed, 1]);
});

test('a stream that ends or hangs without a word does not end the waiting', async () => {
  const { clock, handedIn, ordered, overtaken, found, breakOff } = ledger(200);
  await clock.settle();
  breakOff();
  found();
  await clock.advance(5_000);
  assert.deepEqual([await ordered, handedIn.length, overtaken], [committed, 1, [7]]);
});

test('a copy of the transaction says nothing of the transaction: the peers know the first one', async () => {
  const { clock, ordered, found, commit } = ledger(200);
  await clock.settle();
  commit(9);
  found();
  await clock.advance(5_000);
  assert.deepEqual(await ordered, committed);

  const silent = ledger(200);
  await silent.clock.settle();
  silent.commit(9);
  silent.deadline.abort();
  await assert.rejects(silent.ordered, { code: 'COMMIT_UNKNOWN', message: /is on the ledger, as its copy in block 7 shows/ });
});

test('an orderer that hangs may have taken it: the stream is believed, and so are the peers', async () => {
  const streamed = ledger('no answer');
  await streamed.clock.settle();
  streamed.commit();
  assert.deepEqual(await streamed.ordered, committed);

  const asked = ledger('no answer');
  asked.found();
  await asked.clock.advance(5_000);
  assert.deepEqual(await asked.ordered, committed);
});

test('at the deadline the outcome is unknown when the orderers took it, and known when they did not', async () => {
  const taken = ledger(200);
  await taken.clock.settle();
  taken.deadline.abort();
  await assert.rejects(taken.ordered, { code: 'COMMIT_UNKNOWN' });

  const hanging = ledger('no answer', 503);
  await hanging.clock.advance(1_000);
  hanging.deadline.abort();
  await assert.rejects(hanging.ordered, { code: 'COMMIT_UNKNOWN' });

  const refused = ledger(503);
  await refused.clock.settle();
  refused.deadline.abort();
  await refused.clock.advance(1_000);
  await assert.rejects(refused.ordered, { code: 'ORDERERS_UNAVAILABLE' });

  const tooLate = ledger();
  tooLate.deadline.abort();
  await assert.rejects(tooLate.ordered, { code: 'CANCELLED', maybeTaken: false });
});
