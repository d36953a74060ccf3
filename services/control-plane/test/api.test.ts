import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { namespaces } from '@guildhall/kubernetes';
import { member } from '@guildhall/resources';
import { pino } from 'pino';
import { databaseSchema, openDatabase, openPool } from '../src/database/database.ts';
import { ApiProblem, type ControlPlane, type Ledger } from '../src/index.ts';
import { appendLog, maxLogEntries } from '../src/operations/operation-log.ts';
import { createClient, smallConsortium, subscribe, type Client } from './client.ts';
import { startDatabaseProxy, type DatabaseProxy } from './database-proxy.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let operator: ScriptedOperator;
let controlPlane: ControlPlane;
let proxy: DatabaseProxy;
let token: string;
let client: Client;
/** Statements of the API and its workers, without what goes on by itself. */
let statements: string[] = [];

const ledger: Ledger = {
  submit: ({ function: called, member }) =>
    called === 'Refuse'
      ? Promise.reject(new ApiProblem({ code: 'CONTRACT_REFUSED', message: 'it is settled already', nextAction: 'read it' }, { details: { contract: { code: 'STATE' } } }))
      : Promise.resolve({ transactionId: 'tx1', blockNumber: 7, validationCode: 'VALID', result: `by ${member}`, endorsers: ['core'], requestId: 'r1' }),
  evaluate: ({ args }) => Promise.resolve(args.join(',')),
};

before(async () => {
  world = await startWorld();
  operator = startScriptedOperator(world.admin);
  proxy = await startDatabaseProxy(world.postgres.url, 'guildhall-control-plane', {
    onStatement: (sql) => {
      if (!/due_at|outbox|projections" set|lease_until|^select 1$/.test(sql)) statements.push(sql);
    },
  });
  controlPlane = await world.start({ databaseUrl: proxy.url, ledger });
  token = await controlPlane.tokens.issueAdminToken();
  client = createClient(() => controlPlane.url, token);
  for (const name of ['alpha', 'beta', 'gamma']) await client.until(await client.begun('createConsortium', smallConsortium(name)), 'succeeded');
});
after(async () => {
  operator.stop();
  await controlPlane.stop();
  await proxy.close();
  await world.stop();
});

const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }): string | undefined => errors?.[0]?.extensions.code;

describe('the number of queries does not grow with what is asked for', () => {
  const cases: { what: string; query: string; atMost: number }[] = [
    { what: 'a page of consortia with all that is in them', atMost: 4, query: '{ consortia(first: 3) { edges { node { name ready summary members { name nodes { name health { state } } } nodes { name } channels { name contracts { name } } contracts { name metadata } } } } }' },
    { what: 'a page of operations with steps and logs', atMost: 4, query: '{ operations(first: 3) { edges { node { id state plan { sentences } steps { name } log(first: 5) { message } } } } }' },
    { what: 'one consortium', atMost: 4, query: '{ consortium(name: "alpha") { ready members { name nodes { name } } contracts { name metadata } } }' },
    { what: 'the audit', atMost: 2, query: '{ audit(first: 100) { action } }' },
    { what: 'templates', atMost: 1, query: '{ templates { id versions { version } } }' },
  ];
  for (const { what, query, atMost } of cases) {
    test(what, async () => {
      // Operations are looked at a moment after the last change.
      await delay(300);
      statements = [];
      const { errors } = await client.ask(query);
      assert.equal(errors, undefined, JSON.stringify(errors));
      assert.ok(statements.length <= atMost, statements.join('\n'));
    });
  }
});

describe('pages', () => {
  interface Page { operations: { edges: { cursor: string; node: { id: string } }[]; pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string; startCursor: string } } }
  const pageQuery = 'query($first: Int, $last: Int, $after: String, $before: String) { operations(first: $first, last: $last, after: $after, before: $before) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }';
  before(async () => {
    // Many in one moment: only the id tells them apart.
    await world.query(`insert into operations (kind, consortium, actor, plan, state, input_digest, created_at)
      select 'createConsortium', 'bulk', 'admin', '{"told":{"resources":[],"sentences":[],"warnings":[],"memoryMegabytes":0}}', 'succeeded', 'sha256:0', now() - interval '1 hour' + (n / 7) * interval '1 microsecond' from generate_series(1, 60) n`);
  });
  const newest = async (): Promise<string[]> => (await world.query<{ id: string }>('select id from operations order by created_at desc, id desc')).map(({ id }) => id);

  test('followed to the end hold everything once, while new ones come', async () => {
    const expected = await newest();
    const seen: string[] = [];
    let after: string | undefined;
    for (let count = 0; ; count += 1) {
      const { data } = await client.ask<Page>(pageQuery, { first: 7, after });
      seen.push(...data.operations.edges.map(({ node }) => node.id));
      if (count === 2) await world.query(`insert into operations (kind, consortium, actor, plan, state, input_digest) values ('createConsortium', 'bulk', 'admin', '{}', 'succeeded', 'sha256:0')`);
      if (!data.operations.pageInfo.hasNextPage) break;
      after = data.operations.pageInfo.endCursor;
    }
    assert.deepEqual(seen, expected);
  });

  test('go backwards too', async () => {
    const expected = await newest();
    const { data: last } = await client.ask<Page>(pageQuery, { last: 5 });
    assert.deepEqual(last.operations.edges.map(({ node }) => node.id), expected.slice(-5));
    const { data: before } = await client.ask<Page>(pageQuery, { last: 5, before: last.operations.pageInfo.startCursor });
    assert.deepEqual(before.operations.edges.map(({ node }) => node.id), expected.slice(-10, -5));
    assert.equal(before.operations.pageInfo.hasPreviousPage, true);
  });

  test('of consortia are by name', async () => {
    const { data } = await client.ask<{ consortia: { edges: { node: { name: string } }[]; pageInfo: { endCursor: string } } }>('{ consortia(first: 2) { edges { node { name } } pageInfo { endCursor } } }');
    assert.deepEqual(data.consortia.edges.map(({ node }) => node.name), ['alpha', 'beta']);
    const rest = await client.ask<typeof data>('query($after: String) { consortia(first: 2, after: $after) { edges { node { name } } pageInfo { endCursor } } }', { after: data.consortia.pageInfo.endCursor });
    assert.deepEqual(rest.data.consortia.edges.map(({ node }) => node.name), ['gamma']);
  });

  test('that cannot be are refused and not guessed', async () => {
    for (const args of [{ first: -1 }, { first: 101 }, { first: 1, last: 1 }, { after: 'nonsense' }, { before: "' or 1=1" }]) assert.equal(codeOf(await client.ask(pageQuery, args)), 'INVALID_INPUT', JSON.stringify(args));
    assert.equal(codeOf(await client.ask('{ audit(before: "x") { id } }')), 'INVALID_INPUT');
    assert.equal(codeOf(await client.ask('{ audit(first: 1000) { id } }')), 'INVALID_INPUT');
  });
});

describe('hostile text', () => {
  test('in a name finds nothing and breaks nothing', async () => {
    for (const name of ['\0', 'a\0b', "' or 1=1 --", '<script>', '\u202Ealpha', 'x'.repeat(10_000), '\ud800']) {
      assert.equal(codeOf(await client.ask('query($name: String) { consortium(name: $name) { id } }', { name })), 'NOT_FOUND', JSON.stringify(name));
      const { data } = await client.ask<{ operations: { edges: [] } }>('query($name: String) { operations(consortium: $name) { edges { cursor } } }', { name });
      assert.deepEqual(data.operations.edges, []);
      assert.equal(codeOf(await client.begin('createConsortium', smallConsortium(name))), 'INVALID_INPUT', JSON.stringify(name));
    }
    assert.equal(codeOf(await client.ask('query($id: ID) { consortium(id: $id) { id } }', { id: '\0' })), 'NOT_FOUND');
    assert.equal(codeOf(await client.ask('{ consortium(id: "00000000-0000-4000-8000-000000000000", name: "alpha") { id } }')), 'INVALID_INPUT');
    assert.equal(codeOf(await client.ask('{ consortium { id } }')), 'INVALID_INPUT');
    assert.equal(codeOf(await client.ask('query($target: String) { audit(target: $target) { id } }', { target: 'a\0b' })), 'INVALID_INPUT');
    assert.equal(codeOf(await client.begin('createConsortium', smallConsortium('keyed'), { key: 'a\0b' })), 'INVALID_INPUT');
    assert.equal(codeOf(await client.begin('createConsortium', smallConsortium('keyed'), { key: 'k'.repeat(201) })), 'INVALID_INPUT');
  });

  test('in a display name is text', async () => {
    const input = smallConsortium('shown');
    const displayName = '<img src=x onerror=alert(1)> "O\'Neil" & شركة';
    await client.until(await client.begun('createConsortium', { ...input, members: input.members.map((member) => ({ ...member, displayName })) }), 'succeeded');
    const { data } = await client.ask<{ consortium: { members: { displayName: string }[] } }>('{ consortium(name: "shown") { members { displayName } } }');
    assert.equal(data.consortium.members[0]?.displayName, displayName);
  });
});

describe('a request', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${controlPlane.url}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers } });
  const coded = async (response: Response): Promise<string> => `${response.status} ${((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code}`;

  test('that is no GraphQL request is refused with the reason', async () => {
    for (const body of ['', '{', '[]', 'null', '{}', '{"query":1}', '{"query":"{ templates { id } }","variables":[]}', '{"query":"{ templates { id } }","operationName":{}}']) {
      assert.equal(await coded(await post(body)), '400 INVALID_INPUT', body);
    }
    assert.equal(await coded(await post('{}', { 'content-type': 'text/plain' })), '415 INVALID_INPUT');
    const get = await fetch(`${controlPlane.url}/graphql?query={templates{id}}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(await coded(get), '405 INVALID_INPUT');
  });

  test('without a valid token is refused before its body is looked at', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`, `Bearer ${'a'.repeat(5000)}`]) assert.equal(await coded(await post('not even JSON', { authorization })), '401 UNAUTHENTICATED', authorization);
    for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }', '{ __typename }', 'mutation { __typename }', 'subscription { operation(id: "1") { id } }']) {
      for (const accept of ['application/json', 'text/event-stream']) assert.equal(await coded(await post(JSON.stringify({ query }), { authorization: 'Bearer gha_wrong', accept })), '401 UNAUTHENTICATED', query);
    }
    assert.equal((await post('{"query":"{ templates { id } }"}', { authorization: `bearer ${token}` })).status, 200);
  });

  test('under a name that is not this machine’s is refused, whatever it asks for, so that no page can make its own name lead here', async () => {
    const { port } = new URL(controlPlane.url);
    const answered = async (path: string, host: string): Promise<string> => {
      const sending = request(`${controlPlane.url}${path}`, { headers: { host } }).end();
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      return `${response.statusCode} ${await text(response)}`;
    };
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) {
      for (const path of ['/graphql', '/readyz', '/healthz', `/artifacts/sha256/${'0'.repeat(64)}`]) assert.match(await answered(path, host), /^421 .*ask it at http:\/\/127\.0\.0\.1/, `${host} ${path}`);
    }
    for (const host of ['localhost', `localhost:${port}`, `LOCALHOST:${port}`, '127.0.0.1', `127.0.0.5:${port}`, '[::1]:1']) assert.match(await answered('/healthz', host), /^200 /, host);
  });

  test('of somebody who is no administrator is forbidden, everywhere', async () => {
    const theirs = 'gha_somebody';
    const { createHash } = await import('node:crypto');
    await world.query('insert into access_tokens (digest, actor) values ($1, $2)', [createHash('sha256').update(theirs).digest('hex'), 'somebody']);
    const other = createClient(() => controlPlane.url, theirs);
    assert.equal(codeOf(await other.ask('{ templates { id } }')), 'FORBIDDEN');
    assert.equal(codeOf(await other.begin('createConsortium', smallConsortium('theirs'))), 'FORBIDDEN');
    const codes: (string | undefined)[] = [];
    await subscribe(controlPlane.url, theirs, 'subscription { operation(id: "1") { id } }', {}, (event) => codes.push(codeOf(event)));
    assert.deepEqual(codes, ['FORBIDDEN']);
  });

  test('that is too large is answered, and ends the connection', async () => {
    const large = 'x'.repeat(2 * 1024 * 1024 + 1);
    assert.equal(await coded(await post(large)), '413 INVALID_INPUT');
    // Without a length it is noticed on the way.
    const sending = request(`${controlPlane.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' } });
    sending.on('error', () => undefined);
    sending.write(large);
    const [response] = (await once(sending, 'response')) as [{ statusCode: number; headers: Record<string, string> }];
    assert.equal(response.statusCode, 413);
    assert.equal(response.headers['connection'], 'close');
    sending.destroy();
  });

  test('that comes drop by drop is cut off', { timeout: 600_000 }, async () => {
    const { hostname, port } = new URL(controlPlane.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\n');
    const drops = setInterval(() => socket.write('x-a: b\r\n'), 500);
    socket.on('error', () => undefined);
    await once(socket, 'close');
    clearInterval(drops);
    assert.match(answer, /408 Request Timeout/);
  });

  test('is answered with headers that keep browsers from guessing, and with no permission for other origins', async () => {
    const response = await post('{"query":"{ templates { id } }"}', { origin: 'https://evil.example' });
    assert.equal(response.headers.get('access-control-allow-origin'), null);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const asked = await fetch(`${controlPlane.url}/graphql`, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
    assert.equal(asked.headers.get('access-control-allow-origin'), null);
    assert.equal(asked.status, 405);
  });
});

describe('transactions', () => {
  const input = { consortium: 'alpha', member: 'bank', channel: 'trade', contract: 'note', function: 'Issue', args: ['a very private argument'] };
  const submit = (more: object) => client.ask<{ submitTransaction: { result: string } }>('mutation($input: SubmitTransactionInput!) { submitTransaction(input: $input) { transactionId blockNumber result endorsers } }', { input: { ...input, ...more } });

  test('are submitted in a member’s name, and the record tells who did what, never with what', async () => {
    assert.equal((await submit({})).data.submitTransaction.result, 'by bank');
    const [record] = await world.query<{ actor: string; delegated_for: string; details: object }>(`select actor, delegated_for, details from audit where action = 'submitTransaction' order by id desc limit 1`);
    assert.deepEqual(record, { actor: 'admin', delegated_for: 'bank', details: { channel: 'trade', contract: 'note', function: 'Issue' } });
  });

  test('that a contract refuses are told with the contract’s error', async () => {
    const { errors } = await submit({ function: 'Refuse' });
    assert.equal(codeOf({ errors: errors ?? [] }), 'CONTRACT_REFUSED');
    assert.deepEqual(errors?.[0]?.extensions['contract'], { code: 'STATE' });
  });

  test('with wrong arguments go nowhere', async () => {
    for (const wrong of [{ member: 'No Such' }, { deadlineMs: 10 }, { requestId: '' }, { function: '' }, { role: 'Bad Role' }, { endorsingMembers: [] }]) assert.equal(codeOf(await submit(wrong)), 'INVALID_INPUT', JSON.stringify(wrong));
  });

  test('queries go through too', async () => {
    const { data } = await client.ask('query($input: EvaluateTransactionInput!) { evaluateTransaction(input: $input) }', { input: { ...input, args: ['1', '2'] } });
    assert.equal(data['evaluateTransaction'], '1,2');
  });
});

describe('operations', () => {
  const change = (mutation: string, id: string) => client.ask(`mutation($id: ID!) { ${mutation}(id: $id) { state } }`, { id });
  const audited = async (id: string, action: string): Promise<number> => (await world.query('select from audit where operation_id = $1 and action = $2', [id, action])).length;

  test('that are planned only leave nothing behind', async () => {
    const before = await world.query('select (select count(*) from artifacts) as artifacts, (select count(*) from operations) as operations, (select count(*) from audit) as audit, (select count(*) from consortia) as consortia');
    await world.query('delete from artifacts where false');
    const upgrade = await client.begin('upgradeContract', { consortium: 'alpha', name: 'note', template: 'note', version: '2.0.0' }, { dryRun: true });
    assert.equal(upgrade.errors, undefined);
    assert.equal((await client.begin('createConsortium', smallConsortium('planned'), { dryRun: true })).errors, undefined);
    assert.equal((await client.begin('deleteConsortium', { name: 'alpha' }, { dryRun: true })).errors, undefined);
    assert.deepEqual(await world.query('select (select count(*) from artifacts) as artifacts, (select count(*) from operations) as operations, (select count(*) from audit) as audit, (select count(*) from consortia) as consortia'), before);
  });

  test('are planned by what stands in a member’s own namespace, whatever another one calls its objects', async () => {
    await world.admin.create(namespaces, { metadata: { name: 'gh-alpha--aaa' } });
    const shadow = { namespace: 'gh-alpha--aaa', name: 'bank' };
    await world.admin.create(member.type, { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Member', metadata: shadow, spec: { consortium: { namespace: 'gh-alpha', name: 'alpha' }, mspId: 'EvilMSP', roles: ['endorsing'] } } as never);
    const known = async (): Promise<string[]> => (await client.ask<{ consortium: { members: { mspId: string }[] } }>('{ consortium(name: "alpha") { members { mspId } } }')).data.consortium.members.map(({ mspId }) => mspId);
    while (!(await known()).includes('EvilMSP')) await delay(10);
    const { data, errors } = await client.ask<{ deployContract: { plan: { sentences: string[]; resources: { kind: string; namespace: string }[] } } }>(
      'mutation($input: DeployContractInput!) { deployContract(input: $input, dryRun: true) { plan { sentences resources { kind namespace } } } }',
      { input: { consortium: 'alpha', channel: 'trade', name: 'planned', template: 'note', endorsementPolicy: "AND('CoreMSP.peer', 'BankMSP.peer')" } },
    );
    assert.equal(errors, undefined, JSON.stringify(errors));
    assert.deepEqual(data.deployContract.plan.resources.map(({ kind, namespace }) => `${kind} ${namespace}`), ['Contract gh-alpha', 'ContractInstallation gh-alpha--core', 'ContractInstallation gh-alpha--bank']);
    assert.match(data.deployContract.plan.sentences.join(' '), /A transaction of planned needs .*CoreMSP.*BankMSP/);
    await world.admin.mergePatch(member.type, shadow, { metadata: { finalizers: null } });
    await world.admin.delete(namespaces, { name: 'gh-alpha--aaa' });
  });

  test('that upgrade tell how the policy changes', async () => {
    const sentences = async (more: object): Promise<string> => {
      const { data } = await client.ask<{ upgradeContract: { plan: { sentences: string[] } } }>('mutation($input: UpgradeContractInput!) { upgradeContract(input: $input, dryRun: true) { plan { sentences } } }', { input: { consortium: 'alpha', name: 'note', template: 'note', version: '2.0.0', ...more } });
      return data.upgradeContract.plan.sentences.join(' ');
    };
    assert.match(await sentences({}), /Version 1\.0\.0 serves until 2\.0\.0 is committed; the data stays\. A transaction of note then needs more than half of the members .*, as before\./);
    assert.match(await sentences({ endorsementPolicy: "OR('CoreMSP.peer', 'BankMSP.peer')" }), /then needs .*CoreMSP.*, instead of more than half of the members/);
  });

  test('that failed are retried once it is asked for, and that is on record', { timeout: 600_000 }, async () => {
    operator.answer = (object) => (object.kind === 'Node' ? 'stalled' : 'ready');
    const id = await client.begun('createConsortium', smallConsortium('stall'));
    const failed = await client.until(id, 'failed');
    assert.match(failed.problem?.message ?? '', /Node gh-stall--.*: as the test says/);
    assert.equal(codeOf(await change('retryOperation', await client.begun('deployContract', { consortium: 'alpha', channel: 'trade', name: 'spare', template: 'note' }))), 'CONFLICT');
    operator.answer = () => 'ready';
    assert.equal((await change('retryOperation', id)).errors, undefined);
    const done = await client.until(id, 'succeeded');
    assert.equal(done.steps.find((step) => step.name === 'nodes')?.attempt, 2);
    assert.equal(await audited(id, 'retryOperation'), 1);
    assert.equal(codeOf(await change('retryOperation', id)), 'CONFLICT');
    assert.equal(await audited(id, 'retryOperation'), 1, 'what was refused is not on record as done');
  });

  test('that upgrade fail with the reason when the contract is stalled and its installations wait for it', { timeout: 600_000 }, async () => {
    await client.until(await client.begun('createConsortium', smallConsortium('stuck')), 'succeeded');
    const isUpgraded = (object: { metadata: { generation?: number } }): boolean => (object.metadata.generation ?? 0) > 1;
    operator.answer = (object) => (!isUpgraded(object) ? 'ready' : object.kind === 'Contract' ? 'stalled' : 'nothing');
    const id = await client.begun('upgradeContract', { consortium: 'stuck', name: 'note', template: 'note', version: '2.0.0' });
    const failed = await client.until(id, 'failed');
    assert.deepEqual(failed.problem, { code: 'CONFLICT', message: 'Contract gh-stuck/note: as the test says', nextAction: 'mend the cause that the message names, then retry the operation' });
    assert.equal(failed.steps.find((step) => step.name === 'installations')?.reason, 'InvalidSpec');
    operator.answer = () => 'ready';
    assert.equal((await change('retryOperation', id)).errors, undefined);
    await client.until(id, 'succeeded');
  });

  test('that delete cannot be taken back', async () => {
    operator.answer = () => 'ready';
    await world.query(`insert into operations (kind, consortium, actor, plan, state, input_digest, due_at, lease_until, claimed_by) values
      ('deleteConsortium', 'nowhere', 'admin', '{"consortium":"nowhere","told":{}}', 'running', 'sha256:0', now(), now() + interval '1 hour', 'somebody else')`);
    const [row] = await world.query<{ id: string }>(`select id from operations where consortium = 'nowhere'`);
    const { errors } = await change('cancelOperation', row?.id ?? '');
    assert.equal(codeOf({ errors: errors ?? [] }), 'CONFLICT');
    assert.match(errors?.[0]?.message ?? '', /cannot be taken back/);
    assert.equal(await audited(row?.id ?? '', 'cancelOperation'), 0);
    await world.query(`delete from operations where consortium = 'nowhere'`);
  });

  test('that failed are neither retried nor taken back once a later one has changed the same', { timeout: 600_000 }, async () => {
    operator.answer = (object) => (object.kind === 'Contract' ? 'stalled' : 'ready');
    const id = await client.begun('createConsortium', smallConsortium('overtaken'));
    await client.until(id, 'failed');
    operator.answer = () => 'ready';
    const other = await client.begun('deployContract', { consortium: 'overtaken', channel: 'trade', name: 'other', template: 'note' });
    await client.until(other, 'succeeded');
    for (const mutation of ['retryOperation', 'cancelOperation']) {
      const { errors } = await change(mutation, id);
      assert.match(errors?.[0]?.message ?? '', /a later operation, deployContract \(succeeded\), has changed the same since/);
    }
    assert.equal((await client.ask<{ consortium: { contracts: object[] } }>('{ consortium(name: "overtaken") { contracts { name } } }')).data.consortium.contracts.length, 2);
  });

  test('keep a log that does not grow for ever, nor says the same thing twice', async () => {
    const db = openDatabase(openPool({ connectionString: world.postgres.url, schema: databaseSchema, applicationName: 'test', max: 1, logger: pino({ level: 'silent' }) }));
    const [row] = await world.query<{ id: string }>(`select id from operations where consortium = 'alpha' limit 1`);
    const id = row?.id ?? '';
    for (let count = 0; count < maxLogEntries + 30; count += 1) await appendLog(db, id, null, `entry ${count}`);
    await appendLog(db, id, null, `entry ${maxLogEntries + 29}`);
    await appendLog(db, id, null, 'x'.repeat(100_000));
    await db.destroy();
    const [log] = await world.query<{ count: string; longest: number; last: string }>(`select count(*), max(length(message)) as longest, (select message from operation_log where operation_id = $1 order by id desc offset 1 limit 1) as last from operation_log where operation_id = $1`, [id]);
    assert.equal(Number(log?.count), maxLogEntries);
    assert.ok((log?.longest ?? 0) <= 2001);
    assert.equal(log?.last, `entry ${maxLogEntries + 29}`);
    interface Log { operation: { log: { id: string; message: string }[] } }
    const query = 'query($id: ID!, $after: ID) { operation(id: $id) { log(first: 500, after: $after) { id message } } }';
    const first = await client.ask<Log>(query, { id });
    const second = await client.ask<Log>(query, { id, after: first.data.operation.log.at(-1)?.id });
    assert.equal(new Set([...first.data.operation.log, ...second.data.operation.log].map((entry) => entry.id)).size, maxLogEntries);
  });
});

describe('subscriptions', () => {
  const answers = async (query: string): Promise<(string | undefined)[]> => {
    const codes: (string | undefined)[] = [];
    await subscribe(controlPlane.url, token, query, {}, (event) => codes.push(codeOf(event)));
    return codes;
  };

  test('that cannot begin say why, and end', async () => {
    assert.deepEqual(await answers('subscription { operation(id: "00000000-0000-4000-8000-000000000000") { id } }'), ['NOT_FOUND']);
    assert.deepEqual(await answers('subscription { operation(id: "1", colour: 2) { id } }'), ['INVALID_INPUT']);
    assert.deepEqual(await answers('subscription {'), ['INVALID_INPUT']);
    assert.deepEqual(await answers('query one { templates { id } } query two { templates { id } }'), ['INVALID_INPUT']);
    assert.deepEqual(await answers('subscription($id: ID!) { operation(id: $id) { id } }'), ['INVALID_INPUT']);
  });

  test('are streams for whoever accepts streams among other things', async () => {
    for (const accept of ['text/event-stream, application/json', 'application/json;q=0.5, text/event-stream;q=1']) {
      const response = await fetch(`${controlPlane.url}/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` }, body: JSON.stringify({ query: 'query one { templates { id } } query two { __typename }', operationName: 'one' }),
      });
      assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.match(await response.text(), /^:\n\nevent: next\ndata: \{"data":\{"templates":\[\{"id":"note"\}\]\}\}\n\nevent: complete\ndata: \n\n$/);
    }
  });

  test('whose reader is slow are read for no faster than it reads', { timeout: 600_000 }, async () => {
    const id = await client.begun('createConsortium', smallConsortium('slow'));
    await client.until(id, 'succeeded');
    await world.query(`update artifacts set metadata = jsonb_build_object('large', repeat('x', 500000))`);
    const { data } = await client.ask<{ consortium: { id: string } }>('{ consortium(name: "slow") { id } }');
    const { hostname, port } = new URL(controlPlane.url);
    const body = JSON.stringify({ query: 'subscription($id: ID!) { consortium(id: $id) { contracts { metadata } } }', variables: { id: data.consortium.id } });
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(`POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    // The kernel holds some events for a reader that does not read; 300 of them would be 150 MB.
    statements = [];
    const reads = (): number => statements.filter((sql) => sql.includes('from "projections"')).length;
    for (let count = 0; count < 300; count += 1) {
      await world.query(`select pg_notify('guildhall_projection', 'slow x')`);
      if (reads() > 150) break;
    }
    assert.ok(reads() >= 1 && reads() < 100, `${reads()} events were made for a reader that read none`);
    socket.destroy();
  });

  test('begun with a token that was replaced end with the reason, before they tell anything more', { timeout: 600_000 }, async () => {
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update('gha_old').digest('hex');
    await world.query(`insert into access_tokens (digest, actor) values ($1, 'admin')`, [digest]);
    const { data } = await client.ask<{ consortium: { id: string } }>('{ consortium(name: "beta") { id } }');
    const seen: string[] = [];
    const watching = subscribe<{ consortium: { name: string } }>(controlPlane.url, 'gha_old', 'subscription($id: ID!) { consortium(id: $id) { name } }', { id: data.consortium.id }, (event) => {
      seen.push(event.data?.consortium.name ?? codeOf(event) ?? '');
    });
    while (seen.length === 0) await delay(10);
    await world.query('delete from access_tokens where digest = $1', [digest]);
    await world.query(`select pg_notify('guildhall_projection', 'beta x')`);
    await watching;
    assert.deepEqual(seen, ['beta', 'UNAUTHENTICATED']);
  });

  test('to a consortium tell how it is deleted, and end when it is gone', { timeout: 600_000 }, async () => {
    await client.until(await client.begun('createConsortium', smallConsortium('fleeting')), 'succeeded');
    const { data } = await client.ask<{ consortium: { id: string } }>('{ consortium(name: "fleeting") { id } }');
    const seen: string[] = [];
    const watching = subscribe<{ consortium: { state: string; nodes: object[] } }>(controlPlane.url, token, 'subscription($id: ID!) { consortium(id: $id) { state nodes { name } } }', { id: data.consortium.id }, (event) => {
      seen.push(event.data?.consortium ? `${event.data.consortium.state} ${event.data.consortium.nodes.length}` : (codeOf(event) ?? ''));
    });
    while (seen.length === 0) await delay(10);
    await client.begun('deleteConsortium', { name: 'fleeting', confirmName: 'fleeting', deleteData: true });
    await watching;
    assert.equal(seen[0], 'live 3');
    // How many steps of it are told apart depends on how fast they come; none goes back.
    const states = seen.map((each) => each.split(' ')[0]!);
    const nodes = seen.map((each) => Number(each.split(' ')[1]));
    assert.deepEqual([...new Set(states)], ['live', 'deleting', 'deleted'], seen.join());
    assert.deepEqual(nodes, nodes.toSorted((a, b) => b - a), seen.join());
    assert.equal(seen.at(-1), 'deleted 0');
  });

  test('to a consortium end with nothing left in it, though what was seen of its cluster follows later', { timeout: 600_000 }, async () => {
    const { data } = await client.ask<{ consortium: { id: string } }>('{ consortium(name: "beta") { id } }');
    const seen: string[] = [];
    const watching = subscribe<{ consortium: { state: string; ready: boolean; nodes: object[] } }>(controlPlane.url, token, 'subscription($id: ID!) { consortium(id: $id) { state ready nodes { name } } }', { id: data.consortium.id }, (event) => {
      seen.push(event.data?.consortium ? `${event.data.consortium.state} ${event.data.consortium.ready} ${event.data.consortium.nodes.length}` : (codeOf(event) ?? ''));
    });
    while (seen.length === 0) await delay(10);
    await world.query(`update consortia set state = 'deleted' where id = $1`, [data.consortium.id]);
    await world.query(`select pg_notify('guildhall_projection', 'beta x')`);
    await watching;
    await world.query(`update consortia set state = 'live' where id = $1`, [data.consortium.id]);
    assert.deepEqual([seen[0], seen.at(-1)], ['live true 3', 'deleted false 0']);
  });

  test('whose client is gone are forgotten', async () => {
    const gone = new AbortController();
    const listening = async (): Promise<number> => (await world.query(`select from pg_stat_activity where application_name = 'guildhall-notifications'`)).length;
    assert.equal(await listening(), 1);
    const { data } = await client.ask<{ consortium: { id: string } }>('{ consortium(name: "beta") { id } }');
    const events: unknown[] = [];
    const watching = Array.from({ length: 20 }, () =>
      subscribe(controlPlane.url, token, 'subscription($id: ID!) { consortium(id: $id) { name } }', { id: data.consortium.id }, (event) => void events.push(event), gone.signal).catch((error: unknown) => {
        if (!gone.signal.aborted) throw error;
      }),
    );
    while (events.length < 20) await delay(10);
    assert.equal(await listening(), 1, 'one connection listens for all');
    gone.abort();
    await Promise.all(watching);
    await delay(100);
    statements = [];
    await world.query(`select pg_notify('guildhall_projection', 'beta x')`);
    await delay(100);
    assert.deepEqual(statements, [], 'nobody reads for them any more');
  });
});
