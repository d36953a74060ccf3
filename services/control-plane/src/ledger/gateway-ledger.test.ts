import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TransactionError, type LedgerGateway } from '@guildhall/ledger-gateway';
import { ApiProblem, errorCodes } from '../errors.ts';
import { createGatewayLedger } from './gateway-ledger.ts';
import { submitInput, transactionInput, type SubmitInput } from './ledger.ts';

type Calls = Pick<LedgerGateway, 'submitTransaction' | 'evaluateTransaction'>;

const call = { consortium: 'trade', member: 'bank', channel: 'goods', contract: 'note', function: 'Issue', args: ['1'] };
const submit: SubmitInput = submitInput.parse(call);

const gatewayThat = (fails: unknown): Calls => ({
  submitTransaction: () => Promise.reject(fails),
  evaluateTransaction: () => Promise.reject(fails),
});
const problemOf = async (error: unknown): Promise<ApiProblem> => {
  try {
    await createGatewayLedger(gatewayThat(error)).submit(submit);
  } catch (problem) {
    assert.ok(problem instanceof ApiProblem);
    return problem;
  }
  throw new Error('it was accepted');
};

describe('what the gateway refuses', () => {
  const expected = {
    NOT_FOUND: 'NOT_FOUND', NOT_READY: 'LEDGER_UNAVAILABLE', DENIED: 'FORBIDDEN', INVALID_ARGUMENT: 'INVALID_INPUT', CONTRACT_REFUSED: 'CONTRACT_REFUSED', NOT_ANSWERED: 'LEDGER_UNAVAILABLE', NOT_ENDORSED: 'LEDGER_UNAVAILABLE',
    ENDORSEMENT_MISMATCH: 'TRANSACTION_REFUSED', TRANSACTION_INVALID: 'TRANSACTION_REFUSED', NOT_ORDERED: 'LEDGER_UNAVAILABLE', OUTCOME_UNKNOWN: 'LEDGER_UNAVAILABLE', DEADLINE_EXCEEDED: 'LEDGER_UNAVAILABLE', NO_IDENTITY: 'LEDGER_UNAVAILABLE', OVERLOADED: 'LEDGER_UNAVAILABLE',
  } as const;
  for (const [code, ours] of Object.entries(expected)) {
    test(`${code} is told as ${ours}, with what to do`, async () => {
      const problem = await problemOf(new TransactionError(code as keyof typeof expected, 'it was so'));
      assert.equal(problem.problems[0].code, ours);
      assert.ok(ours in errorCodes);
      assert.equal(problem.message, 'it was so');
      assert.ok(problem.problems[0].nextAction.length > 0);
      assert.equal(problem.details['reason'], code);
      assert.equal(typeof problem.details['retryable'], 'boolean');
    });
  }

  test('of a contract comes with the contract’s own error, the transaction and the request to repeat it under', async () => {
    const refusal = { code: 'STATE', message: 'it is settled already', path: 'id' };
    const problem = await problemOf(new TransactionError('CONTRACT_REFUSED', 'refused', { contract: refusal, transactionId: 'tx1', requestId: 'r1', nodes: [{ address: 'peer0:7051', message: 'no' }] }));
    assert.deepEqual(problem.details['contract'], refusal);
    assert.equal(problem.details['transactionId'], 'tx1');
    assert.equal(problem.details['requestId'], 'r1');
  });

  test('without being a refusal is not passed off as one', async () => {
    const bug = new TypeError('x');
    await assert.rejects(createGatewayLedger(gatewayThat(bug)).submit(submit), bug);
    await assert.rejects(createGatewayLedger(gatewayThat(bug)).evaluate(transactionInput.parse(call)), bug);
  });

  test('is told alike of a query', async () => {
    await assert.rejects(createGatewayLedger(gatewayThat(new TransactionError('NOT_READY', 'no peer'))).evaluate(transactionInput.parse(call)), (error: unknown) => error instanceof ApiProblem && error.problems[0].code === 'LEDGER_UNAVAILABLE');
  });
});

test('what the gateway gets holds no undefined member', async () => {
  const seen: object[] = [];
  const gateway: Calls = {
    submitTransaction: (input) => {
      seen.push(input);
      return Promise.reject(new TransactionError('NOT_READY', 'x'));
    },
    evaluateTransaction: (input) => {
      seen.push(input);
      return Promise.resolve('');
    },
  };
  await createGatewayLedger(gateway).submit(submit).catch(() => undefined);
  await createGatewayLedger(gateway).evaluate(transactionInput.parse(call));
  for (const input of seen) assert.ok(Object.values(input).every((value) => value !== undefined), JSON.stringify(Object.keys(input)));
});

test('arguments that are too large together are refused before they go anywhere', () => {
  const half = 'x'.repeat(600 * 1024);
  assert.equal(transactionInput.safeParse({ ...call, args: [half] }).success, true);
  const both = transactionInput.safeParse({ ...call, args: [half, half] });
  assert.match(both.error?.issues[0]?.message ?? '', /larger than 1 MiB/);
});
