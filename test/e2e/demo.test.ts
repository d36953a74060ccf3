import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, consortium, running, smallConsortium, succeeded } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { evaluate, note, submit, type Call, type NoteView } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { timed } from './support/timings.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
before(async () => {
  home = await createHome();
});
after(() => home[Symbol.asyncDispose]());

const demo = 'demo';
const wrongTransfer: Call = { consortium: demo, member: 'bank', role: 'funder', function: 'Offer', args: { requestId: 'wrong', id: 'R1a', to: 'CoreMSP', expiry: '2999-01-01T00:00:00Z' } };
const holdings = async (mspId: string): Promise<string[]> =>
  (await evaluate<{ records: NoteView[] }>(guildhall.api, { consortium: demo, member: 'core', function: 'Holdings', args: { holder: mspId } })).records.map(({ id }) => id);

test('one command brings up a consortium and shows its story', async (t) => {
  const { output } = await timed(t, 'npm start -- --demo', async () => {
    guildhall = await home.start({ withSetUp: true, args: ['--demo'] });
    await guildhall.says(/^Demo consortium is ready after [\d.]+ s$/m, 300_000);
    return guildhall;
  });
  t.diagnostic(/Demo consortium is ready after .*/.exec(output())?.[0] ?? '');
  for (const stage of ['PostgreSQL', 'local cluster', 'Start peers and orderers', 'Form the channels', 'Install, approve and commit', 'Harbour Bank accepts']) {
    assert.match(output(), new RegExp(`^ +\\d+\\.\\d+ s +.*${stage}`, 'm'), `the time of "${stage}" is printed`);
  }
  assert.match(output(), /refused, as it must be: .*FORBIDDEN/);
});

test('the ledger holds what the story says', async () => {
  const state = await running(guildhall.api, demo);
  assert.equal(state.nodes.length, 6);
  assert.deepEqual(state.contracts.map(({ name, version, committedVersion, sequence }) => ({ name, version, committedVersion, sequence })), [{ name: 'receivable', version: '1.0.0', committedVersion: '1.0.0', sequence: 1 }]);
  const [root, rest, sold, bought] = await Promise.all(['R1', 'R1a', 'R1b', 'R1c'].map((id) => note(guildhall.api, demo, id)));
  assert.deepEqual([root?.state, rest?.state, sold?.state, bought?.state], ['SPENT', 'HELD', 'SPENT', 'HELD']);
  assert.deepEqual([rest?.data.holder, rest?.data.face.minor], ['SupplierMSP', '6000000']);
  assert.deepEqual([bought?.data.holder, bought?.data.face.minor, bought?.data.root], ['BankMSP', '4000000', 'R1']);
  assert.deepEqual(await holdings('BankMSP'), ['R1c']);
});

/** The channel's height when two looks, further apart than the nodes are asked for theirs, see the same. */
async function settledHeight(): Promise<number> {
  let last: number | undefined;
  return until('no more blocks come', async () => {
    const before = last;
    last = (await consortium(guildhall.api, demo)).channels[0]?.height ?? undefined;
    return last === before && last;
  }, 180_000, 2000);
}

test("a wrong transfer is refused with the contract's code, and changes nothing", async () => {
  const before = await note(guildhall.api, demo, 'R1a');
  const height = await settledHeight();
  const refused = await refusal(submit(guildhall.api, wrongTransfer));
  assert.equal(refused.code, 'CONTRACT_REFUSED');
  assert.equal(refused.contract?.code, 'FORBIDDEN');
  assert.notEqual(refused.nextAction, '');
  assert.deepEqual(await note(guildhall.api, demo, 'R1a'), before);
  assert.equal(await settledHeight(), height);
});

test('a dry run answers the plan and changes nothing', async () => {
  const everything = 'query { consortia(first: 50) { edges { node { name } } } operations(first: 50) { edges { node { id } } } audit(first: 200) { id } }';
  const before = await guildhall.api.request(everything);
  const state = await consortium(guildhall.api, demo);
  const { upgradeContract } = await guildhall.api.request<{ upgradeContract: { operation: unknown; plan: { sentences: string[]; resources: { kind: string }[] } } }>(
    'mutation($input: UpgradeContractInput!) { upgradeContract(input: $input, dryRun: true) { operation { id } plan { sentences resources { kind } } } }',
    { input: { consortium: demo, name: 'receivable', template: 'receivable', version: '2.0.0' } },
  );
  assert.equal(upgradeContract.operation, null);
  assert.deepEqual(upgradeContract.plan.resources.map(({ kind }) => kind), ['Contract', 'ContractInstallation', 'ContractInstallation', 'ContractInstallation']);
  assert.match(upgradeContract.plan.sentences.join(' '), /2\.0\.0.*the data stays/);
  await guildhall.api.request(
    'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input, dryRun: true) { plan { sentences } } }',
    { input: { name: 'never', members: [{ name: 'one', mspId: 'OneMSP', nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }] }], channels: [{ name: 'trade' }] } },
  );
  assert.deepEqual(await guildhall.api.request(everything), before);
  const now = await consortium(guildhall.api, demo);
  assert.deepEqual([now.contracts, now.nodes.map(({ name }) => name)], [state.contracts, state.nodes.map(({ name }) => name)]);
});

/** What each of these gets wrong is said with a code, the place in the input and what to do. */
const impossible: { what: string; input: Record<string, unknown>; code: string; path: RegExp }[] = [
  { what: 'an unknown field', input: { ...smallConsortium('bad'), colour: 'green' }, code: 'INVALID_INPUT', path: /colour|^$/ },
  { what: 'a name that DNS refuses', input: { ...smallConsortium('bad'), name: 'Not-A-Name' }, code: 'INVALID_INPUT', path: /^name$/ },
  { what: 'two members with one MSP id', input: { ...smallConsortium('bad'), members: smallConsortium('bad').members.map((member) => ({ ...member, mspId: 'SameMSP' })) }, code: 'DUPLICATE', path: /^members\[1\]\.mspId$/ },
  { what: 'a channel that nobody orders', input: { ...smallConsortium('bad'), members: smallConsortium('bad').members.map((member) => ({ ...member, nodes: member.nodes.filter(({ role }) => role === 'peer') })) }, code: 'INVALID_INPUT', path: /^channels\[0\]\.orderers$/ },
  { what: 'a policy that nobody can satisfy', input: { ...smallConsortium('bad'), channels: [{ name: 'trade', endorsementPolicy: "AND('CoreMSP.peer', 'StrangerMSP.peer')" }] }, code: 'INVALID_INPUT', path: /^channels\[0\]\.endorsementPolicy$/ },
  { what: 'BFT', input: { ...smallConsortium('bad'), channels: [{ name: 'trade', ordering: 'bft' }] }, code: 'NOT_YET', path: /^channels\[0\]\.ordering$/ },
  {
    what: 'more than the machine can take',
    input: { name: 'bad', members: Array.from({ length: 50 }, (_, index) => ({ name: `member-${index}`, mspId: `Member${index}MSP`, nodes: Array.from({ length: 20 }, (__, number) => ({ name: `peer${number}`, role: 'peer' })) })) },
    code: 'INSUFFICIENT_RESOURCES',
    path: /^$/,
  },
];

test('what cannot be is refused at the edge, and nothing is made', async (t) => {
  const claimed = 'query { consortia(first: 50) { edges { node { name } } } operations(first: 50) { edges { node { id } } } }';
  const before = await guildhall.api.request(claimed);
  for (const { what, input, code, path } of impossible) {
    const refused = await refusal(begin(guildhall.api, 'createConsortium', input));
    t.diagnostic(`${what}: ${refused.message}. ${refused.nextAction}`);
    assert.equal(refused.code, code, what);
    assert.match(refused.path ?? '', path, what);
    assert.notEqual(refused.nextAction, '', what);
  }
  assert.deepEqual(await guildhall.api.request(claimed), before);
});

test('the contract is upgraded while transactions go on; its data stays and it can do more', async (t) => {
  const cancel = (member: string, role: string): Promise<unknown> =>
    submit(guildhall.api, { consortium: demo, member, role, function: 'Cancel', args: { requestId: `cancel-${member}`, id: 'R1a' } });
  const before = await note(guildhall.api, demo, 'R1a');
  assert.equal((await refusal(cancel('core', 'debtor'))).code, 'CONTRACT_REFUSED', 'version 1 knows no Cancel');

  const upgraded = new AbortController();
  const issued: string[] = [];
  const trade = async (): Promise<void> => {
    for (let count = 1; !upgraded.signal.aborted; count += 1) {
      const id = `during-${count}`;
      const docs = [{ alg: 'SHA-256', digest: String(count).padStart(64, '0') }];
      await submit(guildhall.api, { consortium: demo, member: 'core', role: 'debtor', function: 'Issue', args: { requestId: id, id, debtor: 'CoreMSP', creditor: 'SupplierMSP', face: { minor: '100', ccy: 'CNY' }, due: before.data.due, docs } });
      issued.push(id);
    }
  };
  const trading = trade();
  try {
    await timed(t, 'upgrade of the contract', async () =>
      succeeded(guildhall.api, await begin(guildhall.api, 'upgradeContract', { consortium: demo, name: 'receivable', template: 'receivable', version: '2.0.0' })),
    );
  } finally {
    upgraded.abort();
  }
  await trading;
  t.diagnostic(`${issued.length} transactions while it was upgraded`);

  const [contract] = (await running(guildhall.api, demo)).contracts;
  assert.deepEqual([contract?.version, contract?.committedVersion, contract?.sequence], ['2.0.0', '2.0.0', 2]);
  assert.deepEqual(await note(guildhall.api, demo, 'R1a'), before, 'what version 1 wrote, version 2 reads');
  for (const id of issued) assert.equal((await note(guildhall.api, demo, id)).state, 'ISSUED');
  await cancel('core', 'debtor');
  assert.equal((await note(guildhall.api, demo, 'R1a')).state, 'HELD', 'one of the two does not suffice');
  await cancel('supplier', 'supplier');
  assert.equal((await note(guildhall.api, demo, 'R1a')).state, 'VOID');
  assert.deepEqual(await holdings('SupplierMSP'), []);
});

test('Ctrl-C ends everything', async (t) => {
  await timed(t, 'Ctrl-C', () => guildhall.stop());
});
