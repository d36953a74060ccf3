import { CommitStatusError, type CommitStatus, type CommitWatcher, type Connections } from '@guildhall/fabric';
import { silentLogger } from '@guildhall/kubernetes';
import { createFakeClock } from '@guildhall/kubernetes/testing';
import { common, orderer, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrdering } from './order-transaction.ts';

const { SUCCESS, SERVICE_UNAVAILABLE } = common.Status;
const committed: CommitStatus = { transactionId: 't1', blockNumber: 7, validationCode: 0, address: 'p0' };

/** One orderer and one peer that does not know the transaction. `answers`: what the orderer says, one after the other; the last one stays. */
function ledger(...answers: readonly (0 | 200 | 503)[]) {
  const handedIn: string[] = [];
  const asked: string[] = [];
  const clock = createFakeClock();
  const connections: Connections = {
    close: () => undefined,
    unary: ({ address }) => {
      asked.push(address);
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
        response.setStatus((answers[Math.min(handedIn.length, answers.length) - 1] ?? 200) === 503 ? SERVICE_UNAVAILABLE : SUCCESS);
        yield response.serializeBinary();
      },
    }),
  };
  const told = Promise.withResolvers<CommitStatus>();
  const watcher: CommitWatcher = {
    ready: () => Promise.resolve(),
    close: () => undefined,
    statusOf: (transactionId, signal) => {
      signal.addEventListener('abort', () => told.reject(new CommitStatusError('COMMIT_UNKNOWN', 'unknown', { transactionId })));
      return told.promise;
    },
  };
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
  return { clock, handedIn, asked, ordered, commit: () => told.resolve(committed), deadline };
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

test('at the deadline the outcome is unknown when the orderers took it, and known when they did not', async () => {
  const taken = ledger(200);
  await taken.clock.settle();
  taken.deadline.abort();
  await assert.rejects(taken.ordered, { code: 'COMMIT_UNKNOWN' });

  const refused = ledger(503);
  await refused.clock.settle();
  refused.deadline.abort();
  await refused.clock.advance(1_000);
  await assert.rejects(refused.ordered, { code: 'ORDERERS_UNAVAILABLE' });
});
