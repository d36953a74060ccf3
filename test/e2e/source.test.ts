import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildContract } from '@guildhall/contract-runner';
import type { Api } from './support/api.ts';
import { begin, create, operation, running, smallConsortium, succeeded } from './support/consortium.ts';
import { createHome, type Home } from './support/guildhall.ts';
import { agreeToRegister, evaluate, submit, type Submitted } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { timed } from './support/timings.ts';
import { until } from './support/until.ts';

let home: Home;
let api: Api;
let text = '';
before(async () => {
  const documentation = await readFile(new URL('../../docs/contracts.md', import.meta.url), 'utf8');
  text = /## Writing a contract of your own\n.*?```ts\n(.*?)```/s.exec(documentation)?.[1] ?? '';
  home = await createHome();
  api = (await home.start()).api;
  const { members, ...rest } = smallConsortium('registry', { contract: false });
  await create(api, { ...rest, channels: [{ name: 'trade' }, { name: 'open', lifecycleEndorsementPolicy: 'ANY Endorsement' }], members: members.map((member) => ({ ...member, applicationRoles: ['admin', 'registrar'] })) });
});
after(() => home[Symbol.asyncDispose]());

const source = (main: string): { entry: string; files: { path: string; text: string }[] } => ({ entry: 'main.ts', files: [{ path: 'main.ts', text: main }] });
const deployment = (main: string): Record<string, unknown> => ({ consortium: 'registry', channel: 'trade', name: 'register', version: '1.0.0', consent: 'each', source: source(main) });
interface ConsentAnswer {
  operation: { id: string; kind: string };
}
const decide = async (mutation: 'approve' | 'reject', member: string, words: Record<string, string>): Promise<ConsentAnswer> => {
  const query = `mutation($input: ${mutation === 'approve' ? 'ApproveInput' : 'RejectInput'}!) { ${mutation}(input: $input) { operation { id kind } } }`;
  return (await api.request<Record<string, ConsentAnswer>>(query, { input: { consortium: 'registry', contract: 'register', member, ...words } }))[mutation] ?? assert.fail('there is no answer');
};

interface SeenContract {
  name: string;
  version: string;
  committedVersion: string | null;
  artifactDigest: string;
  source: { files: { text: string }[] };
  versions: { version: string }[];
  members: { name: string; consented: boolean; installed: boolean; sameCode: boolean; approved: boolean; running: boolean; decision: { state: string; reason: string | null } }[];
}
const contract = async (name = 'register'): Promise<SeenContract> =>
  (await api.request<{ consortium: { contracts: SeenContract[] } }>(
    '{ consortium(name: "registry") { contracts { name version committedVersion artifactDigest source { files { text } } versions { version } members { name consented installed sameCode approved running decision { state reason } } } } }',
  )).consortium.contracts.find((each) => each.name === name) ?? assert.fail(`there is no contract ${name}`);

const call = { consortium: 'registry', contract: 'register' };
const write = (member: string, name: string, args: Record<string, unknown>, role = 'registrar'): Promise<Submitted> => submit(api, { ...call, member, role, function: name, args });

test('mistakes of types and a clock are refused at their lines, and nothing is deployed', async () => {
  const wrong = `${text.replace('owner: caller.mspId', 'owner: caller.mspId + String(Date.now())')}export const limit: number = 'ten';\n`;
  const refused = await refusal(begin(api, 'deployContract', deployment(wrong)));
  assert.equal(refused.code, 'INVALID_INPUT');
  const lineOf = (part: string): number => wrong.slice(0, wrong.indexOf(part)).split('\n').length;
  const places = (refused.problems as readonly { rule?: string; file?: string; line?: number }[]).map(({ rule, file, line }) => [rule, file, line]);
  assert.deepEqual(places, [['clock', 'main.ts', lineOf('Date.now()')], ['type', 'main.ts', lineOf('export const limit')]]);
  assert.deepEqual((await api.request<{ consortium: { contracts: unknown[] } }>('{ consortium(name: "registry") { contracts { name } } }')).consortium.contracts, []);
});

test('the same source has the same digest, sent to the API or built from a folder', async () => {
  const { checkContract } = await api.request<{ checkContract: { ok: boolean; digest: string } }>('query($input: CheckContractInput!) { checkContract(input: $input) { ok digest } }', { input: { source: source(text) } });
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-elsewhere-'));
  try {
    await writeFile(join(folder, 'main.ts'), text);
    assert.equal(checkContract.digest, (await buildContract({ entry: join(folder, 'main.ts') })).digest);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('it is not committed against a member; once that has changed its mind it is, and works', async (t) => {
  const id = await begin(api, 'deployContract', deployment(text));
  await until('the members are asked', async () => (await operation(api, id)).steps.find(({ name }) => name === 'consent')?.state === 'waiting');
  await decide('approve', 'core', { note: 'ours' });
  await until('the first member runs it', async () => (await contract()).members.some(({ name, running }) => name === 'core' && running));
  await decide('reject', 'supplier', { reason: 'who may revoke?' });
  const failed = await until('the rejection ends it', async () => {
    const seen = await operation(api, id);
    return seen.state === 'failed' && seen;
  });
  assert.match(failed.problem?.message ?? '', /supplier rejected it: "who may revoke\?"/);
  const before = await contract();
  assert.equal(before.committedVersion, null);
  assert.deepEqual(before.members.find(({ name }) => name === 'supplier'), { name: 'supplier', consented: false, installed: false, sameCode: false, approved: false, running: false, decision: { state: 'rejected', reason: 'who may revoke?' } });

  await timed(t, 'from the second consent to the commit', async () => {
    await decide('approve', 'supplier', {});
    await api.request('mutation($id: ID!) { retryOperation(id: $id) { id } }', { id });
    await succeeded(api, id);
  });
  assert.ok((await contract()).members.every(({ consented, installed, sameCode, approved, running, decision }) => consented && installed && sameCode && approved && running && decision.state === 'approved'));

  await agreeToRegister(api, call);
  await write('core', 'Register', { requestId: 'r1', id: 'one', title: 'Invoice', document: { alg: 'SHA-256', digest: 'a'.repeat(64) } });
  const refused = await refusal(write('supplier', 'Revoke', { requestId: 'r2', id: 'one' }));
  assert.equal(refused.contract?.code, 'FORBIDDEN');
});

test('its next version comes from source too, and reads what the first one wrote', async () => {
  const next = text.replace("version: '1.0.0'", "version: '1.1.0'").replace("by: [owner],", "by: [anyone],");
  await succeeded(api, await begin(api, 'upgradeContract', { consortium: 'registry', name: 'register', version: '1.1.0', source: source(next) }));
  await running(api, 'registry');
  await write('supplier', 'Revoke', { requestId: 'r3', id: 'one' });
  const { state } = await evaluate<{ state: string }>(api, { ...call, member: 'core', function: 'Get', args: { id: 'one' } });
  assert.equal(state, 'REVOKED');
  const { source: kept, versions, committedVersion } = await contract();
  assert.deepEqual([kept.files[0]?.text, versions.map(({ version }) => version), committedVersion], [next, ['1.1.0', '1.0.0'], '1.1.0']);
});

test('where one approval is enough it is committed with one, and who approves later runs it then', async () => {
  const id = await begin(api, 'deployContract', { ...deployment(text), channel: 'open', name: 'free' });
  await until('the members are asked', async () => (await operation(api, id)).steps.find(({ name }) => name === 'consent')?.state === 'waiting');
  await decide('approve', 'core', { contract: 'free' });
  await succeeded(api, id);
  const progress = async (): Promise<boolean[]> => (await contract('free')).members.map(({ consented, approved, running }) => consented && approved && running);
  assert.deepEqual(await progress(), [true, false]);
  const { operation: late } = await decide('approve', 'supplier', { contract: 'free' });
  assert.equal(late.kind, 'approveContract');
  await succeeded(api, late.id);
  await until('the ledger has its approval', async () => (await progress()).every(Boolean));
});
