import { CommitError, CommitStatusError, ConnectError, EndorseError, SubmitError } from '@guildhall/fabric';
import { TransportError } from '@guildhall/kubernetes';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransactionError } from './errors.ts';
import { explain } from './explain.ts';

function explained(error: unknown): TransactionError {
  const result = explain(error, { requestId: 'r1' });
  assert.ok(result instanceof TransactionError);
  assert.equal(result.requestId, 'r1');
  return result;
}
const saidBy = (message: string) =>
  new EndorseError('CONTRACT_REFUSED', `AcmeMSP refused: ${message}`, { nodes: [{ address: '127.0.0.1:7051', message }] });

test("a contract's coded error keeps its code, path and what to do", () => {
  const error = explained(saidBy(JSON.stringify({ code: 'LIMIT', message: 'over the line', path: 'face', nextAction: 'Lower it.' })));
  assert.deepEqual([error.code, error.message, error.nextAction], ['CONTRACT_REFUSED', 'LIMIT: over the line', 'Lower it.']);
  assert.deepEqual(error.contract, { code: 'LIMIT', message: 'over the line', path: 'face', nextAction: 'Lower it.' });
});

test('a contract that answers in plain words, or in other JSON, has its words and no code', () => {
  for (const words of ['no', '42', 'null', '{"error":1}'])
    assert.deepEqual(explained(saidBy(words)).contract, { code: '', message: words });
});

test('a validation code comes with its name and what to do next', () => {
  const error = explained(new CommitError(10, 'not valid', { transactionId: 't1' }));
  assert.deepEqual(
    [error.code, error.validation, error.transactionId],
    ['TRANSACTION_INVALID', { code: 10, name: 'ENDORSEMENT_POLICY_FAILURE' }, 't1'],
  );
});

test('what was not ordered is told apart from what nobody knows', () => {
  assert.equal(explained(new SubmitError('ORDERERS_UNAVAILABLE', 'x')).code, 'NOT_ORDERED');
  const unknown = explained(new CommitStatusError('COMMIT_UNKNOWN', 'x'));
  assert.deepEqual([unknown.code, unknown.retryable], ['OUTCOME_UNKNOWN', true]);
});

test('with a request id the call may be made again; without one the transaction is looked up', () => {
  const unknown = new CommitStatusError('COMMIT_UNKNOWN', 'x', { transactionId: 't1' });
  assert.match(explained(unknown).nextAction, /same requestId/);
  const without = explain(unknown);
  assert.ok(without instanceof TransactionError);
  assert.match(without.nextAction, /Look the transaction up/);
  assert.equal(explained(new SubmitError('CANCELLED', 'x', { maybeTaken: true })).code, 'OUTCOME_UNKNOWN');
});

test('a deadline that passes says what it waited for', () => {
  const late = explained(new ConnectError('CANCELLED', 'x', { nodes: [{ address: '127.0.0.9:7051', message: 'Cancelled on client' }] }));
  assert.deepEqual([late.code, late.message], ['DEADLINE_EXCEEDED', 'The deadline passed while 127.0.0.9:7051 had not answered.']);
  assert.match(late.nextAction, /longer deadline/);
  assert.equal(explained(new SubmitError('CANCELLED', 'x')).code, 'DEADLINE_EXCEEDED');
});

test('what an orderer refuses was not ordered, and what is too much is told apart', () => {
  assert.equal(explained(new SubmitError('CHANNEL_NOT_FOUND', 'x')).code, 'NOT_ORDERED');
  assert.equal(explained(new EndorseError('OVERLOADED', 'x')).code, 'OVERLOADED');
});

test('a peer that does not answer leaves its address', () => {
  const error = explained(new ConnectError('UNREACHABLE', 'x', { nodes: [{ address: '127.0.0.9:7051', message: 'refused' }] }));
  assert.deepEqual([error.code, error.nodes[0]?.address], ['NOT_ENDORSED', '127.0.0.9:7051']);
});

test("the cluster's failures are told apart from the ledger's", () => {
  const error = explained(new TransportError('Unreachable', 'GET consortia: connection refused'));
  assert.deepEqual([error.code, error.retryable], ['NOT_READY', true]);
  assert.match(error.message, /connection refused/);
});

test('a fault of this program is not dressed up', () => {
  const fault = new TypeError('x is not a function');
  assert.equal(explain(fault), fault);
});
