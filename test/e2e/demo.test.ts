import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { begin, consortium, running, smallConsortium, succeeded } from './support/consortium.ts';
import { demo, holdings, ledgerHoldsStory, wrongTransferIsRefused } from './support/demo-story.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { note, submit } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { timed } from './support/timings.ts';

let home: Home;
let guildhall: Guildhall;
before(async () => {
  home = await createHome();
});
after(() => home[Symbol.asyncDispose]());

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

test('the ledger holds what the story says', () => ledgerHoldsStory(guildhall.api));

test("a wrong transfer is refused with the contract's code, and changes nothing", () => wrongTransferIsRefused(guildhall.api));

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
  assert.deepEqual(await holdings(guildhall.api, 'SupplierMSP'), []);
});

test('Ctrl-C ends everything', async (t) => {
  await timed(t, 'Ctrl-C', () => guildhall.stop());
});
