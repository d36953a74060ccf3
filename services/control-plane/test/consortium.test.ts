import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { consortium as consortiumKind, contractInstallation, specDigest, contract } from '@guildhall/resources';
import { startHarness, type Harness } from './harness.ts';

const create = `mutation($input: CreateConsortiumInput!, $key: String, $dryRun: Boolean) {
  createConsortium(input: $input, idempotencyKey: $key, dryRun: $dryRun) {
    plan { sentences warnings resources { kind namespace name } }
    operation { id state }
  }
}`;
const operationQuery = `query($id: ID!) { operation(id: $id) { state problem { code message } steps { name state message } log { message } } }`;

interface Created {
  createConsortium: { plan: { sentences: string[]; warnings: string[]; resources: { kind: string }[] }; operation: { id: string; state: string } | null };
}
interface Asked {
  operation: { state: string; problem: { message: string } | null; steps: { name: string; state: string; message: string | null }[]; log: { message: string }[] };
}

const input = (name: string): Record<string, unknown> => ({
  name,
  members: [
    { name: 'core', mspId: 'CoreMSP', nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }] },
    { name: 'bank', mspId: 'BankMSP', nodes: [{ name: 'peer0', role: 'peer' }] },
  ],
  channels: [{ name: 'trade' }],
  contracts: [{ name: 'note', channel: 'trade', template: 'note' }],
});

describe('a consortium through the API', () => {
  let harness: Harness;
  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.stop());

  const untilState = async (id: string, state: string): Promise<Asked['operation']> => {
    for (;;) {
      const { data } = await harness.graphql<Asked>(operationQuery, { id });
      if (data.operation.state === state) return data.operation;
      assert.notEqual(data.operation.state, 'failed', JSON.stringify(data.operation));
      await delay(20);
    }
  };

  test('a dry run tells the plan and changes nothing', async () => {
    const { data, errors } = await harness.graphql<Created>(create, { input: input('dry'), dryRun: true });
    assert.equal(errors, undefined);
    assert.equal(data.createConsortium.operation, null);
    assert.match(data.createConsortium.plan.sentences.join(' '), /1 Raft orderer, which survives the loss of 0/);
    assert.match(data.createConsortium.plan.warnings.join(' '), /three survive the loss of one/);
    const kinds = data.createConsortium.plan.resources.map((resource) => resource.kind).toSorted();
    assert.deepEqual(kinds, ['Channel', 'ChannelMembership', 'ChannelMembership', 'Consortium', 'Contract', 'ContractInstallation', 'ContractInstallation', 'Member', 'Member', 'Node', 'Node', 'Node']);
    assert.equal((await harness.admin.list(consortiumKind.type)).items.length, 0);
  });

  test('the operation writes resources, waits for them with the reason, and ends when they are ready', async () => {
    const { data } = await harness.graphql<Created>(create, { input: input('trade'), key: 'one' });
    const id = data.createConsortium.operation?.id ?? '';
    const waiting = await untilState(id, 'waiting');
    assert.deepEqual(waiting.steps.map((step) => [step.name, step.state]), [['resources', 'succeeded'], ['members', 'waiting'], ['nodes', 'pending'], ['channels', 'pending'], ['contracts', 'pending'], ['consortium', 'pending']]);
    assert.match(waiting.steps[1]?.message ?? '', /0 of 2 members ready/);
    await harness.makeEverythingReady();
    const done = await untilState(id, 'succeeded');
    assert.ok(done.steps.every((step) => step.state === 'succeeded'));
    const seen = await harness.graphql<{ consortium: { ready: boolean; members: { name: string; nodes: { name: string }[] }[] } }>('{ consortium(name: "trade") { ready members { name nodes { name } } } }');
    assert.equal(seen.data.consortium.ready, true);
    assert.deepEqual(seen.data.consortium.members.map((member) => `${member.name} ${member.nodes.length}`).toSorted(), ['bank 1', 'core 2']);
  });

  test('each member consented to exactly what was agreed, and the record says on whose behalf', async () => {
    const agreed = await harness.admin.get(contract.type, { namespace: 'gh-trade', name: 'note' });
    const consent = await harness.admin.get(contractInstallation.type, { namespace: 'gh-trade--bank', name: 'note' });
    assert.equal(consent?.spec.contractDigest, specDigest(agreed?.spec));
    const { data } = await harness.graphql<{ audit: { action: string; delegatedFor: string | null }[] }>('{ audit(target: "trade") { action delegatedFor } }');
    assert.ok(data.audit.some((record) => record.action === 'consent' && record.delegatedFor === 'bank'));
  });

  test('the same request under the same key does nothing twice, and another one under it is refused', async () => {
    const again = await harness.graphql<Created>(create, { input: input('trade'), key: 'one' });
    assert.equal(again.data.createConsortium.operation?.state, 'succeeded');
    const other = await harness.graphql(create, { input: input('other'), key: 'one' });
    assert.equal(other.errors?.[0]?.extensions.code, 'IDEMPOTENCY_CONFLICT');
  });

  test('a taken name is refused at its field', async () => {
    const { errors } = await harness.graphql(create, { input: input('trade') });
    assert.equal(errors?.[0]?.extensions.code, 'DUPLICATE');
    assert.equal(errors?.[0]?.extensions.path, 'name');
  });

  test('everything that is wrong is said at once, each with its path, and nothing is created', async () => {
    const wrong = {
      name: 'wrong',
      members: [
        { name: 'a', mspId: 'SameMSP', nodes: [{ name: 'p', role: 'peer' }] },
        { name: 'b', mspId: 'sameMSP', nodes: [] },
      ],
      channels: [{ name: 'c', members: ['a', 'b', 'nobody'] }],
      contracts: [{ name: 'k', channel: 'c', template: 'no-such' }],
    };
    const { errors } = await harness.graphql(create, { input: wrong });
    const paths = errors?.[0]?.extensions.problems?.map((problem) => problem.path);
    assert.deepEqual(paths, ['members[1].mspId', 'channels[0].members[1]', 'channels[0].members[2]', 'channels[0].orderers', 'contracts[0].template']);
    assert.equal(await harness.admin.get(consortiumKind.type, { namespace: 'gh-wrong', name: 'wrong' }), undefined);
  });

  test('a policy that no set of members satisfies is refused', async () => {
    const impossible = { ...input('never'), channels: [{ name: 'trade', endorsementPolicy: "AND('CoreMSP.peer', 'StrangerMSP.peer')" }] };
    const { errors } = await harness.graphql(create, { input: impossible });
    assert.equal(errors?.[0]?.extensions.path, 'channels[0].endorsementPolicy');
  });

  test('BFT is answered with "not yet", an unknown field with its path', async () => {
    const bft = await harness.graphql(create, { input: { ...input('bft'), channels: [{ name: 'trade', ordering: 'bft' }] } });
    assert.equal(bft.errors?.[0]?.extensions.code, 'NOT_YET');
    const unknown = await harness.graphql(create, { input: { ...input('x'), colour: 'red' } });
    assert.equal(unknown.errors?.[0]?.extensions.code, 'INVALID_INPUT');
    assert.match(unknown.errors?.[0]?.message ?? '', /colour/);
  });

  test('an operation that a crash interrupted goes on after a restart', async () => {
    const { data } = await harness.graphql<Created>(create, { input: input('again') });
    const id = data.createConsortium.operation?.id ?? '';
    await harness.restart();
    await untilState(id, 'waiting');
    await harness.makeEverythingReady();
    await untilState(id, 'succeeded');
  });

  test('who has no token gets nothing but the reason', async () => {
    const response = await fetch(`${harness.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer gha_wrong' }, body: JSON.stringify({ query: '{ __schema { types { name } } }' }) });
    assert.equal(response.status, 401);
    assert.match(await response.text(), /UNAUTHENTICATED/);
  });

  test('a query that asks for too much is refused before it runs', async () => {
    const deep = `{ consortia(first: 100) { edges { node { members { nodes { channels { name } } } channels { contracts { members { name } } } } } } }`;
    const { errors } = await harness.graphql(deep);
    assert.equal(errors?.[0]?.extensions.code, 'TOO_COSTLY');
  });

  test('deletion asks for the name, keeps data unless told otherwise, and then frees the name', async () => {
    const remove = 'mutation($input: DeleteConsortiumInput!) { deleteConsortium(input: $input) { operation { id } } }';
    const slip = await harness.graphql(remove, { input: { name: 'again' } });
    assert.equal(slip.errors?.[0]?.extensions.code, 'CONFIRMATION_NEEDED');
    const kept = await harness.graphql<{ deleteConsortium: { operation: { id: string } } }>(remove, { input: { name: 'again', confirmName: 'again' } });
    await untilState(kept.data.deleteConsortium.operation.id, 'succeeded');
    const taken = await harness.graphql(create, { input: input('again') });
    assert.match(taken.errors?.[0]?.message ?? '', /data kept from a deleted consortium/);
    const seen = await harness.graphql<{ consortium: { state: string; summary: string } }>('{ consortium(name: "again") { state summary } }');
    assert.equal(seen.data.consortium.state, 'kept');
    assert.match(seen.data.consortium.summary, /It was deleted\. Its data volumes and keys were kept and hold its name; .* deleteData removes them/);
    const twice = await harness.graphql(remove, { input: { name: 'again', confirmName: 'again' } });
    assert.equal(twice.errors?.[0]?.extensions.code, 'CONFLICT');
    assert.equal(twice.errors?.[0]?.extensions.path, 'deleteData');
    const gone = await harness.graphql<{ deleteConsortium: { operation: { id: string } } }>(remove, { input: { name: 'again', confirmName: 'again', deleteData: true } });
    await untilState(gone.data.deleteConsortium.operation.id, 'succeeded');
    const { data } = await harness.graphql<Created>(create, { input: input('again') });
    assert.ok(data.createConsortium.operation);
  });

  test('an operation under way can be cancelled, and takes back what it created', async () => {
    const cancel = 'mutation($id: ID!) { cancelOperation(id: $id) { state } }';
    const { data } = await harness.graphql<Created>(create, { input: input('brief') });
    const id = data.createConsortium.operation?.id ?? '';
    await untilState(id, 'waiting');
    await harness.graphql(cancel, { id });
    await untilState(id, 'cancelled');
    assert.equal(await harness.admin.get(consortiumKind.type, { namespace: 'gh-brief', name: 'brief' }), undefined);
    const late = await harness.graphql(cancel, { id });
    assert.equal(late.errors?.[0]?.extensions.code, 'CONFLICT');
  });

  test('a subscription tells each change of an operation until it ends', async () => {
    const { data } = await harness.graphql<Created>(create, { input: input('watched') });
    const id = data.createConsortium.operation?.id ?? '';
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${harness.token}` },
      body: JSON.stringify({ query: 'subscription($id: ID!) { operation(id: $id) { state } }', variables: { id } }),
    });
    const states: string[] = [];
    const reading = (async () => {
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString();
        states.splice(0, states.length, ...[...text.matchAll(/"state":"(\w+)"/g)].map((match) => match[1] ?? ''));
      }
    })();
    await untilState(id, 'waiting');
    await harness.makeEverythingReady();
    await reading;
    assert.equal(states.at(-1), 'succeeded');
    assert.ok(states.includes('waiting'));
  });
});
