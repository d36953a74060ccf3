import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockTransaction } from '@guildhall/ledger-gateway';
import { createScriptedLedger } from '../../test/scripted-ledger.ts';
import { showBytes, valueWritten, viewOf } from './transaction-view.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

test('bytes are shown as the text that they are, else in base64', () => {
  assert.deepEqual(showBytes(bytes('{"a":"\u0000é𝄞"}')), { value: '{"a":"\u0000é𝄞"}', encoding: 'text', length: 15, cut: false });
  assert.deepEqual(showBytes(new Uint8Array([0xff, 0xfe])), { value: '//4=', encoding: 'base64', length: 2, cut: false });
  assert.deepEqual(showBytes(new Uint8Array()), { value: '', encoding: 'text', length: 0, cut: false });
});

test('a big value is cut, between characters, and its length is told', () => {
  const shown = showBytes(bytes(`x${'𝄞'.repeat(10_000)}`));
  assert.deepEqual([shown.encoding, shown.length, shown.cut], ['text', 40_001, true]);
  assert.ok(shown.value.endsWith('𝄞') && shown.value.length < 16_384);
});

const ledger = createScriptedLedger();
ledger.add('u');
const [transaction] = ledger.add('u', { writes: { n1: 'v', n2: undefined }, event: 'Put' }).transactions as [BlockTransaction];

test('a transaction is shown with what it did', () => {
  const view = viewOf(transaction);
  assert.deepEqual(view.creator, { mspId: 'CoreMSP', subject: null }, 'a certificate that cannot be read');
  assert.deepEqual(view.writes.map(({ contract, key, isDelete, value }) => [contract, key, isDelete, value?.value]), [['note', 'n1', false, 'v'], ['note', 'n2', true, undefined]]);
  assert.deepEqual([view.event?.name, view.counts.writes, view.args], ['Put', 2, []]);
});

test('the value under a key is found in its contract alone', () => {
  assert.equal(valueWritten(transaction, 'note', 'n1')?.value, 'v');
  assert.equal(valueWritten(transaction, 'note', 'n2'), undefined);
  assert.equal(valueWritten(transaction, 'other', 'n1'), undefined);
});

test('of a list without end the beginning is shown, with how much there is', () => {
  const writes = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`k${index}`, 'v']));
  const [big] = ledger.add('u', { writes }).transactions as [BlockTransaction];
  assert.deepEqual([viewOf(big).writes.length, viewOf(big).counts.writes], [1000, 3000]);
});
