import assert from 'node:assert/strict';
import type { Api } from './api.ts';
import { consortium, running } from './consortium.ts';
import { evaluate, note, submit, type Call, type NoteView } from './receivable.ts';
import { refusal } from './refusal.ts';
import { until } from './until.ts';

/** The consortium of the demo. */
export const demo = 'demo';

const wrongTransfer: Call = { consortium: demo, member: 'bank', role: 'funder', function: 'Offer', args: { requestId: 'wrong', id: 'R1a', to: 'CoreMSP', expiry: '2999-01-01T00:00:00Z' } };

export const holdings = async (api: Api, mspId: string): Promise<string[]> =>
  (await evaluate<{ records: NoteView[] }>(api, { consortium: demo, member: 'core', function: 'Holdings', args: { holder: mspId } })).records.map(({ id }) => id);

/** Issued, confirmed, split, and a part of it with the bank: each part is whose it is to be. */
export async function ledgerHoldsStory(api: Api): Promise<void> {
  const state = await running(api, demo);
  assert.equal(state.nodes.length, 6);
  assert.deepEqual(state.contracts.map(({ name, version, committedVersion, sequence }) => ({ name, version, committedVersion, sequence })), [{ name: 'receivable', version: '1.0.0', committedVersion: '1.0.0', sequence: 1 }]);
  const [root, rest, sold, bought] = await Promise.all(['R1', 'R1a', 'R1b', 'R1c'].map((id) => note(api, demo, id)));
  assert.deepEqual([root?.state, rest?.state, sold?.state, bought?.state], ['SPENT', 'HELD', 'SPENT', 'HELD']);
  assert.deepEqual([rest?.data.holder, rest?.data.face.minor], ['SupplierMSP', '6000000']);
  assert.deepEqual([bought?.data.holder, bought?.data.face.minor, bought?.data.root], ['BankMSP', '4000000', 'R1']);
  assert.deepEqual(await holdings(api, 'BankMSP'), ['R1c']);
}

/** The channel's height when two looks, further apart than the nodes are asked for theirs, see the same. */
async function settledHeight(api: Api): Promise<number> {
  let last: number | undefined;
  return until('no more blocks come', async () => {
    const before = last;
    last = (await consortium(api, demo)).channels[0]?.height ?? undefined;
    return last === before && last;
  }, 180_000, 2000);
}

/** The bank offers what the supplier holds: the contract says why not, and the ledger stays as it is. */
export async function wrongTransferIsRefused(api: Api): Promise<void> {
  const before = await note(api, demo, 'R1a');
  const height = await settledHeight(api);
  const refused = await refusal(submit(api, wrongTransfer));
  assert.equal(refused.code, 'CONTRACT_REFUSED');
  assert.equal(refused.contract?.code, 'FORBIDDEN');
  assert.notEqual(refused.nextAction, '');
  assert.deepEqual(await note(api, demo, 'R1a'), before);
  assert.equal(await settledHeight(api), height);
}
