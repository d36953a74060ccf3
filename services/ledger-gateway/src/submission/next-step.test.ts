import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TransactionError } from '../errors.ts';
import { mayHaveChanged, nextStep, REMEDIES } from './next-step.ts';

const invalid = (code: number) => new TransactionError('TRANSACTION_INVALID', 'x', { validation: { code, name: 'x' } });
const refused = (code: string) => new TransactionError('CONTRACT_REFUSED', 'x', { contract: { code, message: 'x' } });
const NONE = { endorseAnew: 0, moveClock: 0, lookAnew: 0 };

test('a conflict with another transaction is endorsed anew, as often as allowed', () => {
  assert.equal(nextStep(invalid(11), REMEDIES), 'endorseAnew');
  assert.equal(nextStep(invalid(11), NONE), 'giveUp');
});

test('what would be invalid again is given up', () => {
  for (const code of [4, 9, 23, 255]) assert.equal(nextStep(invalid(code), REMEDIES), 'giveUp');
});

test("a contract's refusal is final, but for a clock that is behind", () => {
  assert.equal(nextStep(refused('FORBIDDEN'), REMEDIES), 'giveUp');
  assert.equal(nextStep(refused('CLOCK_SKEW'), REMEDIES), 'moveClock');
  assert.equal(nextStep(refused('CLOCK_SKEW'), NONE), 'giveUp');
});

test('when the peers that were known do not suffice, others are looked for once', () => {
  const alone = new TransactionError('NOT_ENDORSED', 'x');
  assert.equal(nextStep(alone, REMEDIES), 'lookAnew');
  assert.equal(nextStep(alone, NONE), 'giveUp');
});

test('an outcome that is not known is never tried again here', () => {
  assert.equal(nextStep(new TransactionError('OUTCOME_UNKNOWN', 'x'), REMEDIES), 'giveUp');
});

test('who endorses is read anew when the policy or the contract may have changed, and not for each conflict', () => {
  assert.deepEqual([10, 17, 18, 11, 12].map((code) => mayHaveChanged(invalid(code))), [true, true, true, false, false]);
  assert.equal(mayHaveChanged(refused('CLOCK_SKEW')), false);
});
