import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Api } from './support/api.ts';
import { begin, create, running, smallConsortium, succeeded } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { agreeOnTerms, issue, type Submitted } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
let api: Api;
let issued: Submitted;
const name = 'ledgers';
const place = `consortium: "${name}", channel: "trade"`;
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  api = guildhall.api;
  await create(api, smallConsortium(name));
  await agreeOnTerms(api, name);
  issued = await issue(api, name, 'first');
});
after(() => home[Symbol.asyncDispose]());

interface BlockView {
  number: number;
  hash: string;
  previousHash: string;
  transactionCount: number;
  validCount: number;
}

const ofChannel = async <Data>(field: string): Promise<Data> => {
  const { consortium } = await api.request<{ consortium: { channels: Data[] } }>(`{ consortium(name: "${name}") { channels { ${field} } } }`);
  return consortium.channels[0] ?? assert.fail('there is no channel');
};

interface Page<Item> {
  edges: { node: Item }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

test('blocks are paged from the newest back to the first, each linked to the one before', async () => {
  await until('the newest block is in the index', async () => {
    const { blocks } = await ofChannel<{ blocks: Page<BlockView> }>('blocks(first: 1) { edges { node { number } } }');
    return (blocks.edges[0]?.node.number ?? -1) >= issued.blockNumber;
  });
  const all: BlockView[] = [];
  for (let after = ''; ; ) {
    const { blocks } = await ofChannel<{ blocks: Page<BlockView> }>(`blocks(first: 3${after}) { edges { node { number hash previousHash transactionCount validCount } } pageInfo { hasNextPage endCursor } }`);
    all.push(...blocks.edges.map(({ node }) => node));
    if (!blocks.pageInfo.hasNextPage) break;
    after = `, after: "${blocks.pageInfo.endCursor}"`;
  }
  all.forEach((block, index) => assert.equal(block.previousHash, all[index + 1]?.hash ?? '', `block ${block.number}`));
  assert.deepEqual([all[0]?.number, all.at(-1)?.number], [all.length - 1, 0]);
});

interface TransactionView {
  id: string;
  contract: string;
  function: string;
  commitLatencyMs: number | null;
  creator: { mspId: string; subject: string };
  validation: { name: string; valid: boolean };
  args: { value: string; isText: boolean }[];
  endorsers: { mspId: string }[];
  event: { name: string; payload: { value: string } };
  reads: { key: string; block: number | null }[];
  writes: { contract: string; key: string; value: { value: string } | null }[];
}

test('a transaction is shown with who submitted and endorsed it, and what it read and wrote', async () => {
  const { transaction } = await api.request<{ transaction: TransactionView }>(
    `query($id: String!) { transaction(${place}, id: $id) { id contract function commitLatencyMs creator { mspId subject } validation { name valid } args { value isText } endorsers { mspId } event { name payload { value } } reads { key block } writes { contract key value { value } } } }`,
    { id: issued.transactionId },
  );
  assert.deepEqual([transaction.contract, transaction.function, transaction.validation], ['receivable', 'Issue', { name: 'VALID', valid: true }]);
  assert.equal(transaction.creator.mspId, 'CoreMSP');
  assert.match(transaction.creator.subject, /client/);
  assert.match(transaction.args[0]?.value ?? '', /"id":"first"/);
  assert.deepEqual(transaction.endorsers.map(({ mspId }) => mspId).toSorted(), ['CoreMSP', 'SupplierMSP']);
  assert.match(transaction.event.name, /Issue/);
  assert.ok((transaction.commitLatencyMs ?? -1) >= 0, 'it was watched');
  const written = transaction.writes.find(({ value }) => value?.value.includes('"first"')) ?? assert.fail('the note is written');

  const { keyHistory } = await api.request<{ keyHistory: Page<{ transactionId: string; isDelete: boolean; value: { value: string } }> }>(
    `query($key: String!) { keyHistory(${place}, contract: "receivable", key: $key) { edges { node { transactionId isDelete value { value } } } } }`,
    { key: written.key },
  );
  assert.deepEqual(keyHistory.edges.map(({ node }) => [node.transactionId, node.value.value]), [[issued.transactionId, written.value?.value]]);
});

test('transactions are found by contract, member and verdict, and the lifecycle of the contract among them', async () => {
  const found = async (filter: string): Promise<{ id: string; function: string | null }[]> =>
    (await ofChannel<{ transactions: Page<{ id: string; function: string | null }> }>(`transactions(first: 50, ${filter}) { edges { node { id function } } }`)).transactions.edges.map(({ node }) => node);
  assert.equal((await found('contract: "receivable", member: "core", valid: true'))[0]?.id, issued.transactionId);
  assert.deepEqual((await found('contract: "receivable", member: "supplier"')).map(({ function: called }) => called), ['AcceptConfig']);
  assert.ok((await found('contract: "_lifecycle"')).some(({ function: called }) => called === 'CommitChaincodeDefinition'));
  assert.deepEqual(await found('valid: false'), []);
});

test('the configuration is told in words, and what holds now', async () => {
  const { configHistory, settings, activity } = await ofChannel<{
    configHistory: Page<{ sequence: number; words: string[] }>;
    settings: { batch: { timeoutMs: number }; tickMs: number; policies: { name: string; group: string; words: string }[] };
    activity: { transactions: number; invalid: number }[];
  }>('configHistory(first: 5) { edges { node { sequence words } } pageInfo { hasNextPage } } settings { batch { timeoutMs } tickMs policies { group name words } } activity(buckets: 1) { transactions invalid }');
  assert.deepEqual(configHistory.edges.map(({ node }) => node.sequence), [0]);
  assert.match(configHistory.edges[0]?.node.words.join(' ') ?? '', /begins with the members CoreMSP, SupplierMSP/);
  assert.deepEqual([settings.batch.timeoutMs, settings.tickMs], [50, 100]);
  for (const policy of ['Endorsement', 'LifecycleEndorsement', 'Admins'])
    assert.match(settings.policies.find(({ group, name: called }) => group === 'Application' && called === policy)?.words ?? '', /members/, policy);
  assert.ok((activity[0]?.transactions ?? 0) > 3);
});

/** Events of a subscription until there are so many. */
async function events<Event>(field: string, count: number): Promise<Event[]> {
  const got: Event[] = [];
  const stop = new AbortController();
  try {
    for await (const data of api.subscribe<Record<string, Event>>(`subscription { ${field} }`, {}, AbortSignal.any([stop.signal, AbortSignal.timeout(180_000)]))) {
      got.push(...Object.values(data));
      if (got.length >= count) break;
    }
  } finally {
    stop.abort();
  }
  return got;
}
const contractEvents = (after: string): string => `contractEvents(${place}, contract: "receivable", after: "${after}") { checkpoint transactionId name }`;
let checkpoint = '';

test('a subscription goes on from its checkpoint over a restart, without gap or repetition', async () => {
  type Event = { checkpoint: string; transactionId: string };
  const all = await until('the event of the last transaction is told', async () => {
    const told = await events<Event>(contractEvents('start'), 4);
    return told.at(-1)?.transactionId === issued.transactionId && told;
  });
  checkpoint = all[1]?.checkpoint ?? '';
  await guildhall.stop();
  guildhall = await home.start();
  api = guildhall.api;
  await running(api, name);
  const next = await issue(api, name, 'second');
  const later = await events<Event>(contractEvents(checkpoint), 3);
  assert.deepEqual(later.map(({ transactionId }) => transactionId), [all[2]?.transactionId, issued.transactionId, next.transactionId]);
});

test('a checkpoint is refused when the channel was made anew under its name', async () => {
  await succeeded(api, await begin(api, 'deleteConsortium', { name, confirmName: name, deleteData: true }));
  await create(api, smallConsortium(name, { contract: false }));
  const refused = await refusal(events(contractEvents(checkpoint), 1));
  assert.deepEqual([refused.code, refused.path], ['CONFLICT', 'after']);
  const [first] = await events<{ block: { number: number } }>(`blocks(${place}, after: "start") { block { number } }`, 1);
  assert.equal(first?.block.number, 0, 'a channel without a contract is read, too');
});
