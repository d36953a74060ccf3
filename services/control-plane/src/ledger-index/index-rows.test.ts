import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createScriptedLedger } from '../../test/scripted-ledger.ts';
import { indexedBlock, keyDigest } from './index-rows.ts';

const ledger = createScriptedLedger();
ledger.add('u');
const seen = new Date('2026-01-01T12:00:01Z');
const rowsOf = (live: boolean, ...transactions: Parameters<typeof ledger.add> extends [string, ...infer Rest] ? Rest : never) => indexedBlock(ledger.add('u', ...transactions), seen, live);

describe('what the index keeps of a block', () => {
  test('counts, the newest time, who called what, and which keys were written', () => {
    const [early, late] = [new Date('2026-01-01T12:00:00Z'), new Date('2026-01-01T12:00:00.400Z')];
    const { summary, transactions, writes } = rowsOf(
      true,
      { id: 'a'.repeat(64), function: 'Issue', at: late, event: 'Issued', writes: { n1: 'v', n2: undefined } },
      { contract: 'other', creator: 'BankMSP', code: 11, at: early, writes: { n1: 'w' } },
    );
    assert.deepEqual([summary.transactionCount, summary.validCount, summary.at], [2, 1, late]);
    assert.deepEqual(transactions.map(({ contract, function: name, creator, validationCode, hasEvent, latencyMs }) => [contract, name, creator, validationCode, hasEvent, latencyMs]), [
      ['note', 'Issue', 'CoreMSP', 0, true, 600],
      ['other', 'put', 'BankMSP', 11, false, 1000],
    ]);
    assert.deepEqual(writes.map(({ digest, isDelete, isValid }) => [Buffer.from(digest).toString('hex'), isDelete, isValid]), [
      [Buffer.from(keyDigest('note', 'n1')).toString('hex'), false, true],
      [Buffer.from(keyDigest('note', 'n2')).toString('hex'), true, true],
      [Buffer.from(keyDigest('other', 'n1')).toString('hex'), false, false],
    ]);
  });

  test('no latency where it cannot be known: not seen when it came, or the clocks differ', () => {
    const latencies = (live: boolean, at: Date) => rowsOf(live, { at }).transactions.map(({ latencyMs }) => latencyMs);
    assert.deepEqual(latencies(false, new Date('2026-01-01T12:00:00Z')), [null]);
    assert.deepEqual(latencies(true, new Date('2026-01-01T12:00:02Z')), [null]);
    assert.deepEqual(latencies(true, new Date('2026-01-01T09:00:00Z')), [null]);
  });

  test('whatever others put there can be stored', () => {
    const { summary, transactions } = rowsOf(true, { id: '\u0000'.repeat(3), contract: '\uD800'.padEnd(5000, 'x'), at: new Date(8.64e15), code: 8 }, { at: new Date(NaN), code: 8 });
    assert.equal(summary.at, null);
    assert.deepEqual(transactions.map(({ at }) => at), [null, null]);
    assert.equal(transactions[0]?.transactionId, '\uFFFD\uFFFD\uFFFD');
    assert.equal(transactions[0]?.contract?.length, 200);
    assert.ok(transactions[0]?.contract?.isWellFormed());
  });
});
