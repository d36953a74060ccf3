import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Terminal } from '../terminal.ts';
import { createGraphQLClient, RefusedError, type GraphQLClient } from './graphql-client.ts';

const consortium = 'demo';
const channel = 'trade';
const contract = 'receivable';

const members = [
  { name: 'core', mspId: 'CoreMSP', displayName: 'Core Motors', contractRole: 'debtor' },
  { name: 'supplier', mspId: 'SupplierMSP', displayName: 'Precision Parts', contractRole: 'supplier' },
  { name: 'bank', mspId: 'BankMSP', displayName: 'Harbour Bank', contractRole: 'funder' },
];

/** Three members with a peer and a Raft orderer each, one channel, and the receivable contract. */
export const demoInput = {
  name: consortium,
  profile: 'sandbox',
  members: members.map(({ contractRole, ...member }) => ({
    ...member,
    applicationRoles: ['admin', 'timekeeper', contractRole],
    nodes: [
      { name: 'peer0', role: 'peer' },
      { name: 'orderer0', role: 'orderer' },
    ],
  })),
  channels: [{ name: channel }],
  contracts: [{ name: contract, channel, template: 'receivable' }],
};

interface Operation {
  state: string;
  problem: { message: string; nextAction: string } | null;
  steps: { title: string; state: string; startedAt: string | null; finishedAt: string | null }[];
}

const ended = new Set(['succeeded', 'failed', 'cancelled']);
/** Before a stream that broke off is opened again. */
const resumeMs = 1_000;

const seconds = (ms: number): string => (ms / 1000).toFixed(2).padStart(6);

/** Follows an operation, over whatever breaks the stream off, and prints each step with its time when it is done. */
async function follow(client: GraphQLClient, id: string, terminal: Terminal): Promise<void> {
  const query = 'subscription($id: ID!) { operation(id: $id) { state problem { message nextAction } steps { title state startedAt finishedAt } } }';
  const told = new Set<string>();
  let last: Operation | undefined;
  while (!last || !ended.has(last.state)) {
    if (last) await delay(resumeMs);
    for await (const { operation } of client.subscribe<{ operation: Operation }>(query, { id })) {
      last = operation;
      for (const step of operation.steps) {
        if (step.state !== 'succeeded' || told.has(step.title)) continue;
        told.add(step.title);
        terminal.line(`  ${seconds(Date.parse(step.finishedAt ?? '') - Date.parse(step.startedAt ?? ''))} s  ${step.title}`);
      }
    }
    if (!last) throw new Error('the API tells nothing of the operation');
  }
  if (last.state !== 'succeeded') throw new Error(last.problem ? `${last.problem.message}. ${last.problem.nextAction}` : `the operation is ${last.state}`);
}

/** When the consortium was created, if it is there: what the story's dates are counted from, the same at every start. */
async function createdAt(client: GraphQLClient): Promise<Date | undefined> {
  try {
    const { consortium: found } = await client.request<{ consortium: { createdAt: string; state: string } }>(
      'query($name: String!) { consortium(name: $name) { createdAt state } }',
      { name: consortium },
    );
    if (found.state === 'live') return new Date(found.createdAt);
    throw new Error(
      `the consortium ${consortium} was deleted (state ${found.state}) and its data is still here: delete that too, by deleteConsortium with deleteData, and start the demo again`,
    );
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** The newest operation that made the consortium; there may have been one of this name before that was deleted. */
async function creation(client: GraphQLClient): Promise<{ id: string; state: string } | undefined> {
  const { operations } = await client.request<{ operations: { edges: { node: { id: string; kind: string; state: string } }[] } }>(
    'query($name: String!) { operations(consortium: $name, first: 50) { edges { node { id kind state } } } }',
    { name: consortium },
  );
  return operations.edges.map(({ node }) => node).find(({ kind }) => kind === 'createConsortium');
}

async function create(client: GraphQLClient): Promise<{ id: string; state: string }> {
  const { createConsortium } = await client.request<{ createConsortium: { operation: { id: string; state: string } } }>(
    'mutation($input: CreateConsortiumInput!) { createConsortium(input: $input) { operation { id state } } }',
    { input: demoInput },
  );
  return createConsortium.operation;
}

/** Creates the consortium, or finds it, whole or half-made. */
async function ensureConsortium(client: GraphQLClient, terminal: Terminal): Promise<Date> {
  const operation = (await createdAt(client)) === undefined ? await create(client) : await creation(client);
  if (operation === undefined || operation.state === 'succeeded') terminal.line('             it is there already, with its data');
  else await follow(client, operation.id, terminal);
  const created = await createdAt(client);
  if (created === undefined) throw new Error(`the consortium ${consortium} was deleted meanwhile`);
  return created;
}

interface Call {
  member: string;
  role: string;
  function: string;
  args: Record<string, unknown>;
}

const submit = async (client: GraphQLClient, call: Call): Promise<{ transactionId: string; blockNumber: number; result: string }> => {
  const { submitTransaction } = await client.request<{ submitTransaction: { transactionId: string; blockNumber: number; result: string } }>(
    'mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId blockNumber result } }',
    { input: { consortium, channel, contract, member: call.member, role: call.role, function: call.function, args: [JSON.stringify(call.args)] } },
  );
  return submitTransaction;
};

const addDays = (from: Date, days: number): string => new Date(from.getTime() + days * 86_400_000).toISOString().slice(0, 10);

async function agreeOnTerms(client: GraphQLClient): Promise<void> {
  const config = {
    parties: members.map(({ mspId, contractRole }) => ({ mspId, roles: ['admin', contractRole] })),
    clock: { timekeepers: members.map(({ mspId }) => mspId), quorum: 2, skewSec: 300 },
    settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
  };
  const { result } = await submit(client, { member: 'core', role: 'admin', function: 'Init', args: { requestId: 'demo-init', config } });
  const { hash } = JSON.parse(result) as { hash: string };
  for (const { name } of members) await submit(client, { member: name, role: 'admin', function: 'AcceptConfig', args: { requestId: `demo-accept-${name}`, hash } });
}

/** A receivable of 100,000.00 is issued, confirmed, split, and a part of it handed to the bank; each by the member whose part it is. */
const story = (from: Date): { sentence: string; call: Call }[] => [
  {
    sentence: 'Core Motors issues a receivable of 100,000.00 to Precision Parts',
    call: { member: 'core', role: 'debtor', function: 'Issue', args: { requestId: 'demo-issue', id: 'R1', debtor: 'CoreMSP', creditor: 'SupplierMSP', face: { minor: '10000000', ccy: 'CNY' }, due: addDays(from, 90), docs: [{ alg: 'SHA-256', digest: createHash('sha256').update('invoice 4711').digest('hex') }] } },
  },
  { sentence: 'Precision Parts confirms it', call: { member: 'supplier', role: 'supplier', function: 'Confirm', args: { requestId: 'demo-confirm', id: 'R1' } } },
  {
    sentence: 'Precision Parts splits it into 60,000.00 and 40,000.00',
    call: { member: 'supplier', role: 'supplier', function: 'Split', args: { requestId: 'demo-split', id: 'R1', parts: [{ id: 'R1a', amount: { minor: '6000000', ccy: 'CNY' } }, { id: 'R1b', amount: { minor: '4000000', ccy: 'CNY' } }] } },
  },
  {
    sentence: 'Precision Parts offers 40,000.00 to Harbour Bank',
    call: { member: 'supplier', role: 'supplier', function: 'Offer', args: { requestId: 'demo-offer', id: 'R1b', to: 'BankMSP', expiry: `${addDays(from, 7)}T00:00:00Z` } },
  },
  { sentence: 'Harbour Bank accepts: it holds the part now', call: { member: 'bank', role: 'funder', function: 'Accept', args: { requestId: 'demo-accept', id: 'R1b', newId: 'R1c' } } },
];

/** What must not work: the bank handing on what the supplier holds. */
const wrong = (from: Date): Call => ({ member: 'bank', role: 'funder', function: 'Offer', args: { requestId: 'demo-wrong', id: 'R1a', to: 'CoreMSP', expiry: `${addDays(from, 7)}T00:00:00Z` } });

async function expectRefusal(client: GraphQLClient, terminal: Terminal, from: Date): Promise<void> {
  try {
    await submit(client, wrong(from));
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'CONTRACT_REFUSED') throw error;
    terminal.line(`             refused, as it must be: Harbour Bank offers what Precision Parts holds (${error.message})`);
    return;
  }
  throw new Error('a wrong transfer was not refused');
}

/** Everything through the public API, as any client would do it. Run again, it finds what is there and does nothing twice. */
export async function runDemo(options: { url: string; tokenFile: string; terminal: Terminal; prepared: Promise<void> }): Promise<void> {
  const { terminal } = options;
  await options.prepared;
  const client = createGraphQLClient(options.url, (await readFile(options.tokenFile, 'utf8')).trim());
  terminal.line('\nA consortium of three members:');
  const created = await ensureConsortium(client, terminal);
  terminal.line('\nTransactions, each committed by all members:');
  await terminal.stage('the members agree on the terms', () => agreeOnTerms(client));
  for (const { sentence, call } of story(created)) await terminal.stage(sentence, () => submit(client, call));
  await expectRefusal(client, terminal, created);
}
