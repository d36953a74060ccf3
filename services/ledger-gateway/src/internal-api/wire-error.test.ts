import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LedgerChangedError } from '../blocks/follow-blocks.ts';
import { TRANSACTION_ERROR_CODES, TransactionError, type TransactionErrorCode } from '../errors.ts';
import { errorFromWire, errorToWire } from './wire-error.ts';

const overWire = (error: unknown): Error | undefined => errorFromWire(JSON.parse(JSON.stringify(errorToWire(error))));
const { keys } = Object;

test('every code arrives as the same class with all its fields', () => {
  for (const code of keys(TRANSACTION_ERROR_CODES) as TransactionErrorCode[]) {
    const bare = new TransactionError(code, 'It failed.');
    assert.deepStrictEqual(overWire(bare), bare);
    const full = new TransactionError(code, 'It failed.', {
      nextAction: 'Do this.',
      contract: { code: 'WRONG_STATE', message: 'No.', path: 'state', nextAction: 'Do that.' },
      validation: { code: 11, name: 'MVCC_READ_CONFLICT' },
      transactionId: 't',
      requestId: 'r',
      nodes: [{ address: 'peer:7051', mspId: 'BankMSP', message: 'no' }, { address: 'peer:7052', message: 'no' }],
    });
    assert.deepStrictEqual(overWire(full), full);
  }
});

test('a change of the ledger is told apart; causes and faults stay behind', () => {
  assert.ok(overWire(new LedgerChangedError('Another ledger.')) instanceof LedgerChangedError);
  assert.equal(errorToWire(new Error('a fault with a secret')), undefined);
  const caused = errorToWire(new TransactionError('NOT_READY', 'Not yet.', { cause: new Error('a secret') }));
  assert.doesNotMatch(JSON.stringify(caused), /secret/);
});

test('what is no error, or a code of a later version, is none', () => {
  for (const wire of [undefined, 'no', {}, { type: 'Other' }, { type: 'TransactionError', code: 'LATER', message: '', nextAction: '', nodes: [] }]) assert.equal(errorFromWire(wire), undefined);
});
