import { common, orderer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError, SubmitError } from '../errors.ts';
import type { Connections } from '../transport/index.ts';
import { bftQuorum, broadcast } from './index.ts';

type Answer = { status: common.StatusMap[keyof common.StatusMap]; info?: string } | 'down' | 'ends' | 'hangs';
const { SUCCESS, SERVICE_UNAVAILABLE, BAD_REQUEST, FORBIDDEN } = common.Status;

/** Orderers o0, o1, ... that answer as told. */
function orderers(ordering: 'raft' | 'bft', ...answers: readonly Answer[]) {
  const asked: string[] = [];
  const connections: Connections = {
    unary: () => Promise.reject(new Error('not used')),
    close: () => undefined,
    duplex: ({ address }) => {
      asked.push(address);
      return {
        write: () => undefined,
        end: () => undefined,
        cancel: () => undefined,
        async *[Symbol.asyncIterator]() {
          await Promise.resolve();
          const answer = answers[Number(address.slice(1))];
          if (answer === 'down' || answer === undefined)
            throw new ConnectError('UNREACHABLE', 'x', { nodes: [{ address, message: 'No connection established. Last error: refused' }] });
          if (answer === 'hangs') throw new ConnectError('DEADLINE_EXCEEDED', 'x', { nodes: [{ address, message: 'Deadline exceeded' }] });
          if (answer === 'ends') return;
          const response = new orderer.BroadcastResponse();
          response.setStatus(answer.status);
          response.setInfo(answer.info ?? '');
          yield response.serializeBinary();
        },
      };
    },
  };
  const nodes = answers.map((_, index) => ({ address: `o${index}`, tlsRoots: [] }));
  return { asked, send: () => broadcast(connections, { ordering, nodes }, new common.Envelope()) };
}

test('Raft: the first orderer that accepts is enough', async () => {
  const { asked, send } = orderers('raft', { status: SUCCESS }, { status: SUCCESS });
  await send();
  assert.deepEqual(asked, ['o0']);
});

test('Raft: orderers that are down, end the stream or have no leader are passed over', async () => {
  const { asked, send } = orderers('raft', 'down', 'ends', { status: SERVICE_UNAVAILABLE, info: 'no Raft leader' }, { status: SUCCESS });
  await send();
  assert.deepEqual(asked, ['o0', 'o1', 'o2', 'o3']);
});

test('Raft: a refusal is final and says why', async () => {
  const { asked, send } = orderers('raft', { status: BAD_REQUEST, info: 'message payload too large' }, { status: SUCCESS });
  await assert.rejects(send(), { code: 'SUBMIT_REFUSED', message: /o0: message payload too large/ });
  assert.deepEqual(asked, ['o0']);
  await assert.rejects(orderers('raft', { status: FORBIDDEN, info: 'implicit policy evaluation failed' }).send(), {
    code: 'ACCESS_DENIED',
  });
});

test('a configuration that changed in between is a conflict', async () => {
  const info =
    'error applying config update to existing channel: proposed update requires that key [Group] /Channel be at version 0, but it is currently at version 1';
  await assert.rejects(orderers('raft', { status: BAD_REQUEST, info }).send(), { code: 'CONFIG_CONFLICT', retryable: true });
});

test('with no orderer left, each says why', async () => {
  await assert.rejects(
    orderers('raft', 'down', { status: SERVICE_UNAVAILABLE, info: 'no Raft leader' }).send(),
    (error: { code: string; nodes: readonly { address: string; message: string }[] }) => {
      assert.equal(error.code, 'ORDERERS_UNAVAILABLE');
      assert.deepEqual(
        error.nodes.map(({ address, message }) => [address, message]),
        [
          ['o0', 'No connection established. Last error: refused'],
          ['o1', 'no Raft leader'],
        ],
      );
      return true;
    },
  );
  await assert.rejects(orderers('raft').send(), { code: 'ORDERERS_UNAVAILABLE' });
});

test('whether it may be ordered nevertheless is told: no answer is not a refusal', async () => {
  const maybe = async (...answers: Answer[]): Promise<boolean> => {
    const error: unknown = await orderers('raft', ...answers)
      .send()
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof SubmitError);
    return error.maybeTaken;
  };
  assert.equal(await maybe('down', { status: SERVICE_UNAVAILABLE, info: 'no Raft leader' }, { status: FORBIDDEN }), false);
  assert.equal(await maybe('down', 'hangs'), true);
  assert.equal(await maybe('ends', { status: FORBIDDEN }), true);
  assert.equal(await maybe({ status: SERVICE_UNAVAILABLE, info: 'timed out (7s) waiting on forwarding to 2' }), true);
});

test('Raft: an orderer that is not in the channel is passed over', async () => {
  const stranger = { status: BAD_REQUEST, info: 'channel does not exist' };
  await orderers('raft', stranger, { status: SUCCESS }).send();
  await assert.rejects(orderers('raft', stranger, 'down').send(), { code: 'ORDERERS_UNAVAILABLE' });
  await assert.rejects(orderers('raft', stranger).send(), { code: 'CHANNEL_NOT_FOUND', message: /o0: channel does not exist/ });
});

test('BFT: all are asked and a quorum must accept; one that has it already counts', async () => {
  const already = { status: SERVICE_UNAVAILABLE, info: 'failed to submit request: request already exists' };
  const { asked, send } = orderers('bft', { status: SUCCESS }, already, 'down', already);
  await send();
  assert.equal(asked.length, 4);
  await assert.rejects(orderers('bft', { status: SUCCESS }, already, 'down', 'down').send(), { code: 'ORDERERS_UNAVAILABLE' });
});

test('the quorum is that of SmartBFT', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 10].map(bftQuorum), [1, 2, 2, 3, 4, 4, 5, 7]);
});
