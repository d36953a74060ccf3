import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Api } from './support/api.ts';
import { begin, consortium, create, running, smallConsortium, succeeded, type ConsortiumInput, type ConsortiumView } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { podProcesses } from './support/processes.ts';
import { agreeOnTerms, issue, note } from './support/receivable.ts';
import { refusal } from './support/refusal.ts';
import { timed } from './support/timings.ts';

let home: Home;
let guildhall: Guildhall;
let api: Api;
before(async () => {
  home = await createHome();
  guildhall = await home.start();
  api = guildhall.api;
});
after(() => home[Symbol.asyncDispose]());

const quick = smallConsortium('quick');
/** Fabric's own timers; orderers of a member that only orders, and the same names and MSP ids as the other one uses. */
const steady: ConsortiumInput = {
  ...smallConsortium('steady'),
  profile: 'production',
  members: [
    { name: 'operator', mspId: 'OperatorMSP', roles: ['ordering'], nodes: [0, 1, 2].map((index) => ({ name: `orderer${index}`, role: 'orderer' })) },
    ...smallConsortium('steady').members.map((member) => ({ ...member, nodes: member.nodes.filter(({ role }) => role === 'peer') })),
  ],
};

const addresses = ({ nodes }: ConsortiumView): string[] => nodes.map(({ endpoint }) => endpoint?.split(':')[0] ?? '');
const secretsOf = ({ members, nodes }: ConsortiumView): string[] => [...members.flatMap(({ signingRoot, tlsRoot }) => [signingRoot ?? '', tlsRoot ?? '']), ...nodes.flatMap(({ certificates }) => certificates.map(({ sha256 }) => sha256))];
const none = (some: readonly string[], others: readonly string[]): void => assert.deepEqual(some.filter((each) => others.includes(each)), []);
const processCount = (view: ConsortiumView): number => addresses(view).filter((address) => podProcesses(home.path).has(address)).length;
const claims = (name: string): string[] => readdirSync(join(home.path, 'cluster', 'claims')).filter((folder) => folder.startsWith(`gh-${name}--`));

test('two consortia of different kinds are created at once, and both work', async (t) => {
  await timed(t, 'both', () => Promise.all([timed(t, 'quick: sandbox, one orderer', () => create(api, quick)), timed(t, 'steady: production, three orderers of a third member', () => create(api, steady))]));
  await Promise.all(['quick', 'steady'].map((name) => agreeOnTerms(api, name)));
  await Promise.all([issue(api, 'quick', 'N1'), issue(api, 'steady', 'N1'), issue(api, 'steady', 'N2')]);
  assert.equal((await note(api, 'steady', 'N2')).state, 'ISSUED');
});

test('neither knows anything of the other, although names and MSP ids are the same', async () => {
  const [one, other] = [await running(api, 'quick'), await running(api, 'steady')];
  assert.deepEqual([one.nodes.length, other.nodes.length], [3, 5]);
  none(addresses(one), addresses(other));
  none(secretsOf(one), secretsOf(other));
  assert.notEqual(one.channels[0]?.genesisDigest, other.channels[0]?.genesisDigest);
  assert.equal((await refusal(note(api, 'quick', 'N2'))).contract?.code, 'NOT_FOUND', "the other's record is not here");
});

test('deletion has to be confirmed by name, and says what will be lost', async () => {
  const input = { name: 'quick', deleteData: true };
  const refused = await refusal(begin(api, 'deleteConsortium', input));
  assert.equal(refused.code, 'CONFIRMATION_NEEDED');
  const { deleteConsortium } = await api.request<{ deleteConsortium: { plan: { sentences: string[]; warnings: string[] } } }>(
    'mutation($input: DeleteConsortiumInput!) { deleteConsortium(input: $input, dryRun: true) { plan { sentences warnings } } }',
    { input: { ...input, confirmName: 'quick' } },
  );
  assert.match([...deleteConsortium.plan.sentences, ...deleteConsortium.plan.warnings].join(' '), /ledger|data/i);
  assert.ok((await consortium(api, 'quick')).ready, 'it still runs');
});

test('deletion of one keeps its data, reserves its name and leaves the other alone', async (t) => {
  const [one, other] = [await consortium(api, 'quick'), await consortium(api, 'steady')];
  const kept = claims('quick');
  assert.equal(kept.length, 3, 'the volumes of two peers and an orderer');
  await timed(t, 'deletion', async () => succeeded(api, await begin(api, 'deleteConsortium', { name: 'quick', confirmName: 'quick' })));
  assert.equal(processCount(one), 0);
  assert.deepEqual(claims('quick'), kept);
  assert.equal((await consortium(api, 'quick')).state, 'kept');
  const refused = await refusal(begin(api, 'createConsortium', quick));
  assert.deepEqual([refused.code, refused.path], ['DUPLICATE', 'name']);
  assert.match(refused.nextAction, /deleteData/);

  assert.equal(processCount(other), 5);
  await issue(api, 'steady', 'N3');
  assert.ok((await running(api, 'steady')).ready);
});

test('deleted again with its data, it frees the name', async (t) => {
  await timed(t, 'deletion of the data', async () => succeeded(api, await begin(api, 'deleteConsortium', { name: 'quick', confirmName: 'quick', deleteData: true })));
  assert.deepEqual(claims('quick'), []);
  const again = await timed(t, 'the same name again', () => create(api, quick));
  assert.ok(again.ready);
  assert.equal((await refusal(note(api, 'quick', 'N1'))).code, 'CONTRACT_REFUSED', 'the new ledger is empty');
  await agreeOnTerms(api, 'quick');
  await issue(api, 'quick', 'N1');
  assert.equal((await note(api, 'quick', 'N1')).state, 'ISSUED');
});

test('both are deleted at once with their data, and nothing is left', async () => {
  await Promise.all(['quick', 'steady'].map(async (name) => succeeded(api, await begin(api, 'deleteConsortium', { name, confirmName: name, deleteData: true }))));
  assert.deepEqual([...podProcesses(home.path).keys()], []);
  assert.deepEqual([...claims('quick'), ...claims('steady')], []);
  assert.deepEqual(readdirSync(join(home.path, 'cluster', 'pods')), []);
  assert.equal((await refusal(consortium(api, 'steady'))).code, 'NOT_FOUND');
  assert.ok(existsSync(home.path));
});

test('Ctrl-C ends everything', () => guildhall.stop());
