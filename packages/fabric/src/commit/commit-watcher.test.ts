import { common, orderer, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError } from '../errors.ts';
import type { Connections } from '../transport/index.ts';
import { createCommitWatcher } from './commit-watcher.ts';

type Transaction = readonly [transactionId: string, validationCode: 0 | 9 | 11];

interface OpenStream {
  readonly address: string;
  /** The block asked for; undefined for the newest. */
  readonly from: number | undefined;
  block(number: number, ...transactions: readonly Transaction[]): void;
  breakOff(): void;
}

/** Peers whose streams a test feeds. */
function peers(count: number, identityTroubles: readonly Error[] = [], patienceMs = 60_000) {
  const opened: OpenStream[] = [];
  const troubles = [...identityTroubles];
  const nextOpened: ((stream: OpenStream) => void)[] = [];
  const duplex: Connections['duplex'] = ({ address }, _method, options) => {
    const queue: (Uint8Array | Error)[] = [];
    let wake = (): void => undefined;
    const push = (item: Uint8Array | Error): void => {
      queue.push(item);
      wake();
    };
    options?.signal?.addEventListener('abort', () => push(new ConnectError('CANCELLED', 'closed')));
    return {
      write(message) {
        const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(message).getPayload_asU8());
        const from = orderer.SeekInfo.deserializeBinary(payload.getData_asU8()).getStart()?.getSpecified()?.getNumber();
        const stream: OpenStream = {
          address,
          from,
          block: (number, ...transactions) => push(filtered(number, transactions)),
          breakOff: () => push(new ConnectError('UNREACHABLE', `${address} is down`)),
        };
        opened.push(stream);
        nextOpened.shift()?.(stream);
      },
      end: () => undefined,
      cancel: () => undefined,
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const item = queue.shift();
          if (item instanceof Error) throw item;
          if (item) yield item;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  };
  const connections: Connections = { duplex, unary: () => Promise.reject(new Error('not used')), close: () => undefined };
  const identity = { mspId: 'AcmeMSP', certificate: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n' };
  const watcher = createCommitWatcher({
    connections,
    channel: 'trade',
    peers: Array.from({ length: count }, (_, index) => ({ address: `p${index}`, tlsRoots: [] })),
    signer: () => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return { identity, sign: () => Promise.resolve(new Uint8Array([1])) };
    },
    retryMs: 0,
    patienceMs,
  });
  const stream = async (index: number): Promise<OpenStream> => {
    while (opened.length <= index) await new Promise<OpenStream>((resolve) => nextOpened.push(resolve));
    const found = opened[index];
    assert.ok(found);
    return found;
  };
  return { watcher, stream };
}

function filtered(number: number, transactions: readonly Transaction[]): Uint8Array {
  const block = new peer.FilteredBlock();
  block.setChannelId('trade');
  block.setNumber(number);
  block.setFilteredTransactionsList(
    transactions.map(([id, code]) => {
      const transaction = new peer.FilteredTransaction();
      transaction.setTxid(id);
      transaction.setTxValidationCode(code);
      return transaction;
    }),
  );
  const response = new peer.DeliverResponse();
  response.setFilteredBlock(block);
  return response.serializeBinary();
}

const never = new AbortController().signal;

test('it begins at the newest block, and each who waits hears of its own transaction', async () => {
  const { watcher, stream } = peers(1);
  const [first, second] = [watcher.statusOf('t1', never), watcher.statusOf('t2', never)];
  const open = await stream(0);
  assert.equal(open.from, undefined);
  open.block(5);
  open.block(6, ['other', 0], ['t2', 11]);
  open.block(7, ['t1', 0]);
  assert.deepEqual(await second, { transactionId: 't2', blockNumber: 6, validationCode: 11, address: 'p0' });
  assert.deepEqual(await first, { transactionId: 't1', blockNumber: 7, validationCode: 0, address: 'p0' });
  watcher.close();
});

test('after a break it goes on at the next peer, from the last block that it knows', async () => {
  const { watcher, stream } = peers(2);
  const status = watcher.statusOf('t1', never);
  const first = await stream(0);
  first.block(5);
  await watcher.ready();
  first.breakOff();
  const second = await stream(1);
  assert.deepEqual([second.address, second.from], ['p1', 5]);
  second.block(5);
  second.block(6, ['t1', 0]);
  assert.equal((await status).address, 'p1');
  watcher.close();
});

test('a peer that gives no block, or no more of them, is left for the next', async () => {
  const { watcher, stream } = peers(2, [], 20);
  const status = watcher.statusOf('t1', never);
  await stream(0);
  const second = await stream(1);
  assert.deepEqual([second.address, second.from], ['p1', undefined]);
  second.block(5);
  await watcher.ready();
  watcher.overtaken(5);
  watcher.overtaken(6);
  const third = await stream(2);
  assert.deepEqual([third.address, third.from], ['p0', 5]);
  third.block(5);
  third.block(6, ['t1', 0]);
  assert.equal((await status).address, 'p0');
  watcher.close();
});

test('blocks of another channel, or with a gap, are not believed', async () => {
  const { watcher, stream } = peers(1);
  const status = watcher.statusOf('t1', never);
  const first = await stream(0);
  first.block(5);
  first.block(7, ['t1', 11]);
  const second = await stream(1);
  assert.equal(second.from, 5);
  second.block(5);
  second.block(6, ['t1', 0]);
  assert.equal((await status).validationCode, 0);
  watcher.close();
});

test('of two copies of a transaction in one block the first one counts', async () => {
  const { watcher, stream } = peers(1);
  const status = watcher.statusOf('t1', never);
  (await stream(0)).block(5, ['t1', 0], ['t1', 9]);
  assert.equal((await status).validationCode, 0);
  watcher.close();
});

test('who gives up learns what was wrong with the stream', async () => {
  const { watcher, stream } = peers(1);
  const giveUp = new AbortController();
  const status = watcher.statusOf('t1', giveUp.signal);
  (await stream(0)).breakOff();
  await stream(1);
  giveUp.abort();
  await assert.rejects(status, { code: 'COMMIT_UNKNOWN', transactionId: 't1', message: /p0 is down/ });
  await assert.rejects(watcher.ready(AbortSignal.abort()), { code: 'COMMIT_UNKNOWN' });
  watcher.close();
});

test('an identity that cannot be had just now is asked for again', async () => {
  const { watcher, stream } = peers(1, [new Error('the certificate authority is away')]);
  const status = watcher.statusOf('t1', never);
  (await stream(0)).block(5, ['t1', 0]);
  assert.equal((await status).blockNumber, 5);
  watcher.close();
});

test('closing ends all waiting', async () => {
  const { watcher, stream } = peers(1);
  const status = watcher.statusOf('t1', never);
  await stream(0);
  watcher.close();
  await assert.rejects(status, { code: 'COMMIT_UNKNOWN', message: /closed/ });
  await assert.rejects(watcher.statusOf('t2', never), { code: 'COMMIT_UNKNOWN' });
});

test('without a peer there is nothing to wait for', async () => {
  const { watcher } = peers(0);
  await assert.rejects(watcher.ready(), { code: 'COMMIT_UNKNOWN', message: /No peer of channel trade is known/ });
});
