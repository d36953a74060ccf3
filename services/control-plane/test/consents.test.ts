import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { contractInstallation } from '@guildhall/resources';
import type { ControlPlane } from '../src/index.ts';
import { createClient, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type ApiError, type World } from './world.ts';

const three = (name: string) => ({
  name,
  members: [
    { name: 'core', mspId: 'CoreMSP', nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }] },
    { name: 'bank', mspId: 'BankMSP', nodes: [{ name: 'peer0', role: 'peer' }] },
    { name: 'supplier', mspId: 'SupplierMSP', nodes: [{ name: 'peer0', role: 'peer' }] },
  ],
  channels: [{ name: 'trade' }],
});

interface SeenContract {
  version: string;
  source: { entry: string; files: { path: string; text: string }[] } | null;
  versions: { version: string; consent: string; source: { files: { text: string }[] } | null }[];
  members: { name: string; decision: { state: string; by: string | null; reason: string | null } | null }[];
}

describe('contracts from source, and what each member says of them', { timeout: 600_000 }, () => {
  let world: World;
  let operator: ScriptedOperator;
  let plane: ControlPlane;
  let client: Client;
  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    plane = await world.start();
    client = createClient(() => plane.url, await plane.tokens.issueAdminToken());
    for (const name of ['trade', 'doomed']) await client.until(await client.begun('createConsortium', three(name)), 'succeeded');
  });
  after(async () => {
    operator.stop();
    await plane.stop();
    await world.stop();
  });

  const decide = async (mutation: 'approve' | 'reject', input: Record<string, unknown>): Promise<{ state: string; operation: { id: string; kind: string; state: string } | null }> => {
    const type = mutation === 'approve' ? 'ApproveInput' : 'RejectInput';
    const { data, errors } = await client.ask<Record<string, { decision: { state: string }; operation: { id: string; kind: string; state: string } | null }>>(
      `mutation($input: ${type}!) { ${mutation}(input: $input) { decision { state } operation { id kind state } } }`,
      { input: { consortium: 'trade', ...input } },
    );
    assert.equal(errors, undefined, JSON.stringify(errors));
    const answer = data[mutation]!;
    return { state: answer.decision.state, operation: answer.operation };
  };
  const refusal = async (asked: Promise<{ errors?: ApiError[] }>): Promise<ApiError['extensions'] & { message: string }> => {
    const { errors } = await asked;
    assert.ok(errors?.[0], 'it was not refused');
    return { ...errors[0].extensions, message: errors[0].message };
  };
  const seen = async (name: string): Promise<SeenContract> => {
    const { data } = await client.ask<{ consortium: { contracts: (SeenContract & { name: string })[] } }>(
      `{ consortium(name: "trade") { contracts { name version source { entry files { path text } } versions { version consent source { files { text } } } members { name decision { state by reason } } } } }`,
    );
    return data.consortium.contracts.find((contract) => contract.name === name) ?? assert.fail(`there is no contract ${name}`);
  };
  const decisions = async (name: string): Promise<Record<string, string | undefined>> =>
    Object.fromEntries((await seen(name)).members.map((member) => [member.name, member.decision?.state]));
  const installed = async (name: string): Promise<string[]> =>
    (await world.admin.list(contractInstallation.type)).items.filter(({ metadata }) => metadata.name === name).map(({ metadata }) => metadata.namespace ?? '').toSorted((a, b) => (a < b ? -1 : 1));
  const source = (text: string) => ({ entry: 'main.ts', files: [{ path: 'main.ts', text }, { path: 'parts/more.ts', text: 'export {};' }] });
  const deploy = { consortium: 'trade', channel: 'trade' };

  test('a source is checked without a trace, refused with its problems at their files, and kept with what it was built to', async () => {
    const wrong = source('const a = new Date();');
    const check = await client.ask<{ checkContract: { ok: boolean; digest: string | null; problems: unknown[] } }>(
      'query($input: CheckContractInput!) { checkContract(input: $input) { ok digest size metadata problems { severity file line column rule message nextAction } } }', { input: { source: wrong } });
    const problem = { severity: 'error', file: 'main.ts', line: 1, column: 15, rule: 'clock', message: 'Date cannot be used', nextAction: 'take the time from the call' };
    assert.deepEqual(check.data.checkContract, { ok: false, digest: null, size: null, metadata: null, problems: [problem] });
    const refused = await refusal(client.begin('deployContract', { ...deploy, name: 'own', version: '1.0.0', source: wrong }));
    assert.deepEqual([refused.code, refused.path, refused.message], ['INVALID_INPUT', 'source.files[0]', 'main.ts:1:15 clock: Date cannot be used']);
    assert.deepEqual(refused.problems, [{ ...problem, code: 'INVALID_INPUT', path: 'source.files[0]', message: refused.message }]);
    assert.deepEqual(await world.query('select from artifacts'), []);

    await client.until(await client.begun('deployContract', { ...deploy, name: 'own', version: '1.0.0', source: source('1') }), 'succeeded');
    await client.until(await client.begun('upgradeContract', { consortium: 'trade', name: 'own', version: '2.0.0', source: source('2') }), 'succeeded');
    const own = await seen('own');
    assert.deepEqual(own.source, source('2'));
    assert.deepEqual(own.versions.map(({ version, consent, source: of }) => [version, consent, of?.files[0]?.text]), [['2.0.0', 'delegated', '2'], ['1.0.0', 'delegated', '1']]);
    assert.deepEqual(own.members.map(({ name, decision }) => [name, decision?.state, decision?.by]), [['core', 'approved', 'admin'], ['bank', 'approved', 'admin'], ['supplier', 'approved', 'admin']]);
    const same = await refusal(client.begin('upgradeContract', { consortium: 'trade', name: 'own', version: '2.0.0', source: source('2') }));
    assert.equal(same.code, 'CONFLICT');
  });

  test('a template shows its source', async () => {
    const { data } = await client.ask<{ templates: { versions: { source: { files: { text: string }[] } }[] }[] }>('{ templates { versions { source { entry files { path text } } } } }');
    assert.equal(data.templates[0]?.versions[1]?.source.files[0]?.text, '// note 2.0.0');
  });

  test('each member decides: it waits, says for whom, and goes on with enough; who comes later gets it then', async () => {
    const id = await client.begun('deployContract', { ...deploy, name: 'asked', template: 'note', consent: 'each' });
    const waiting = await client.until(id, 'waiting');
    assert.match(waiting.steps.find(({ name }) => name === 'consent')?.message ?? '', /0 of 3 members have approved; waiting for core, bank, supplier; it needs/);
    assert.deepEqual(await installed('asked'), []);
    assert.deepEqual(await decisions('asked'), { core: 'waiting', bank: 'waiting', supplier: 'waiting' });

    assert.equal((await decide('approve', { contract: 'asked', member: 'core', note: 'as talked about' })).operation?.id, id);
    while ((await installed('asked')).length === 0) await delay(10);
    assert.deepEqual(await installed('asked'), ['gh-trade--core']);
    await decide('approve', { contract: 'asked', member: 'core' });
    await decide('reject', { contract: 'asked', member: 'bank', reason: 'not yet' });
    assert.equal((await client.operation(id)).state === 'failed', false, 'two of three are still possible');
    const { state } = await decide('approve', { contract: 'asked', member: 'bank' });
    assert.equal(state, 'approved');
    await client.until(id, 'succeeded');
    assert.deepEqual(await installed('asked'), ['gh-trade--bank', 'gh-trade--core']);

    const late = await decide('approve', { contract: 'asked', member: 'supplier' });
    assert.equal(late.operation?.kind, 'approveContract');
    await client.until(late.operation?.id ?? '', 'succeeded');
    assert.deepEqual(await decisions('asked'), { core: 'approved', bank: 'approved', supplier: 'approved' });
    assert.equal((await installed('asked')).length, 3);
    const taken = await refusal(client.ask('mutation($input: RejectInput!) { reject(input: $input) { decision { state } } }', { input: { consortium: 'trade', contract: 'asked', member: 'core', reason: 'after all' } }));
    assert.equal(taken.code, 'CONFLICT');

    const { data } = await client.ask<{ audit: { action: string; delegatedFor: string | null; details: { contract?: string; note?: string; reason?: string } }[] }>('{ audit(target: "trade", first: 200) { action delegatedFor details } }');
    const said = data.audit.filter(({ details }) => details.contract === 'asked').map(({ action, delegatedFor, details }) => [action, delegatedFor, details.note ?? details.reason].filter((word) => typeof word === 'string').join(' '));
    assert.deepEqual(said.toReversed(), ['deployContract', 'approve core as talked about', 'reject bank not yet', 'approve bank', 'approve supplier']);
  });

  test('rejections that make it impossible end it with their reasons; a changed mind and a retry go on', async () => {
    const id = await client.begun('upgradeContract', { consortium: 'trade', name: 'own', version: '3.0.0', source: source('3'), consent: 'each' });
    await client.until(id, 'waiting');
    await decide('approve', { contract: 'own', member: 'core' });
    await decide('reject', { contract: 'own', member: 'bank', reason: 'too dear' });
    await decide('reject', { contract: 'own', member: 'supplier', reason: 'too early' });
    const failed = await client.until(id, 'failed');
    assert.match(failed.problem?.message ?? '', /bank rejected it: "too dear"; supplier rejected it: "too early".*cannot be had any more/);
    assert.equal((await decide('approve', { contract: 'own', member: 'bank' })).operation?.state, 'failed');
    const { errors } = await client.ask('mutation($id: ID!) { retryOperation(id: $id) { id } }', { id });
    assert.equal(errors, undefined);
    await client.until(id, 'succeeded');
    assert.deepEqual((await seen('own')).members.map(({ name, decision }) => [name, decision?.state, decision?.reason]), [['core', 'approved', null], ['bank', 'approved', null], ['supplier', 'rejected', 'too early']]);
  });

  test('while one waits for its members others go on beside it, but none that changes the same or everything', async () => {
    const asked = (consortium: string) => client.begun('deployContract', { consortium, channel: 'trade', name: 'slow', template: 'note', consent: 'each' });
    const id = await asked('doomed');
    await client.until(id, 'waiting');
    await client.until(await client.begun('deployContract', { consortium: 'doomed', channel: 'trade', name: 'beside', template: 'note' }), 'succeeded');
    assert.equal((await refusal(client.begin('upgradeContract', { consortium: 'doomed', name: 'slow', template: 'note', version: '2.0.0' }))).code, 'BUSY');
    const deletion = await refusal(client.begin('deleteConsortium', { name: 'doomed', confirmName: 'doomed' }));
    assert.deepEqual([deletion.code, deletion.message.includes(id)], ['BUSY', true]);
    const { errors } = await client.ask('mutation($id: ID!) { cancelOperation(id: $id) { id } }', { id });
    assert.equal(errors, undefined, JSON.stringify(errors));
    await client.until(id, 'cancelled');
    await client.until(await client.begun('deleteConsortium', { name: 'doomed', confirmName: 'doomed' }), 'succeeded');
  });

  test('a cancelled upgrade leaves each member with what it had consented to, and no more', async () => {
    const id = await client.begun('upgradeContract', { consortium: 'trade', name: 'asked', template: 'note', version: '2.0.0', consent: 'each' });
    await client.until(id, 'waiting');
    const before = (await world.admin.list(contractInstallation.type)).items.filter(({ metadata }) => metadata.name === 'asked').map(({ spec }) => spec);
    await decide('approve', { contract: 'asked', member: 'core' });
    assert.deepEqual(await decisions('asked'), { core: 'approved', bank: 'waiting', supplier: 'waiting' }, 'a later definition asks anew');
    const { errors } = await client.ask('mutation($id: ID!) { cancelOperation(id: $id) { id } }', { id });
    assert.equal(errors, undefined, JSON.stringify(errors));
    await client.until(id, 'cancelled');
    assert.deepEqual((await world.admin.list(contractInstallation.type)).items.filter(({ metadata }) => metadata.name === 'asked').map(({ spec }) => spec), before);
    assert.deepEqual(await decisions('asked'), { core: 'approved', bank: 'approved', supplier: 'approved' });
    assert.equal((await seen('asked')).versions.length, 1);
  });

  test('it waits on after a restart, and hears what is said then', async () => {
    const id = await client.begun('deployContract', { ...deploy, name: 'patient', template: 'note', consent: 'each' });
    await client.until(id, 'waiting');
    await plane.stop();
    plane = await world.start();
    for (const member of ['core', 'supplier']) await decide('approve', { contract: 'patient', member });
    await client.until(id, 'succeeded');
  });

  test('who is not in the channel, and what is not there, is told apart', async () => {
    for (const [input, path] of [[{ contract: 'own', member: 'nobody' }, 'member'], [{ contract: 'no-such', member: 'core' }, 'contract'], [{ consortium: 'no-such', contract: 'own', member: 'core' }, 'consortium']] as const) {
      const refused = await refusal(client.ask('mutation($input: ApproveInput!) { approve(input: $input) { decision { state } } }', { input: { consortium: 'trade', ...input } }));
      assert.deepEqual([refused.code, refused.path], ['NOT_FOUND', path]);
    }
    const silent = await refusal(client.ask('mutation($input: RejectInput!) { reject(input: $input) { decision { state } } }', { input: { consortium: 'trade', contract: 'own', member: 'core', reason: ' ' } }));
    assert.equal(silent.path, 'reason');
  });
});
