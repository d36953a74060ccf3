import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { kinds, namespaceOwner, type GuildhallObject } from '@guildhall/resources';
import { namespaces } from '@guildhall/kubernetes';
import { startFaultyLife, type Fault, type FaultyLife } from './faulty-life.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { ask, startWorld, type Answer, type World } from './world.ts';

/*
 * Every write of an operation, to the database (each commit, each write outside of a transaction) and to the cluster, is a
 * point at which the process may die or be told that the write failed although it was done. Whichever it is, another
 * process on the same database and cluster must come to the same end as a run without a fault, with nothing twice.
 */

const plan = (name: string) => ({
  name,
  members: [{ name: 'core', mspId: 'CoreMSP', nodes: [{ name: 'peer0', role: 'peer' }, { name: 'orderer0', role: 'orderer' }] }],
  channels: [{ name: 'trade' }],
  contracts: [{ name: 'note', channel: 'trade', template: 'note' }],
});

interface Api {
  /** As a client that was told to try again does: until there is an answer. */
  ask<T>(query: string, variables?: Record<string, unknown>): Promise<Answer<T>>;
}
interface OperationState {
  id: string;
  state: string;
}

const begin = async (api: Api, mutation: string, type: string, input: object, key: string): Promise<OperationState> => {
  const query = `mutation($input: ${type}!, $key: String) { ${mutation}(input: $input, idempotencyKey: $key) { operation { id state } } }`;
  const answer = await api.ask<Record<string, { operation: OperationState }>>(query, { input, key });
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data[mutation]!.operation;
};

const stateOf = async (api: Api, id: string): Promise<string> =>
  (await api.ask<{ operation: OperationState }>('query($id: ID!) { operation(id: $id) { id state } }', { id })).data.operation.state;

const until = async (api: Api, id: string, ...states: string[]): Promise<void> => {
  for (;;) {
    const state = await stateOf(api, id);
    if (states.includes(state)) return;
    assert.ok(!['succeeded', 'failed', 'cancelled'].includes(state), `it ended as ${state}`);
    await delay(5);
  }
};

/** retryOperation and cancelOperation have no key: who does not know whether it was done looks. */
const change = async (api: Api, mutation: string, id: string, done: (state: string) => boolean): Promise<void> => {
  while (!done(await stateOf(api, id))) {
    const { errors } = await api.ask(`mutation($id: ID!) { ${mutation}(id: $id) { id } }`, { id });
    assert.ok(errors === undefined || errors[0]?.extensions.code === 'CONFLICT', JSON.stringify(errors));
  }
};

interface Scenario {
  title: string;
  /** Without faults. */
  prepare(api: Api, name: string, operator: ScriptedOperator): Promise<string | undefined>;
  run(api: Api, name: string, prepared: string | undefined, operator: ScriptedOperator): Promise<void>;
}

const created = async (api: Api, name: string): Promise<string> => {
  const { id } = await begin(api, 'createConsortium', 'CreateConsortiumInput', plan(name), `create-${name}`);
  await until(api, id, 'succeeded');
  return id;
};

const scenarios: Scenario[] = [
  {
    title: 'createConsortium',
    prepare: () => Promise.resolve(undefined),
    run: async (api, name) => void (await created(api, name)),
  },
  {
    title: 'deployContract',
    prepare: created,
    run: async (api, name) => {
      const input = { consortium: name, channel: 'trade', name: 'other', template: 'note' };
      await until(api, (await begin(api, 'deployContract', 'DeployContractInput', input, `deploy-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'upgradeContract',
    prepare: created,
    run: async (api, name) => {
      const input = { consortium: name, name: 'note', template: 'note', version: '2.0.0' };
      await until(api, (await begin(api, 'upgradeContract', 'UpgradeContractInput', input, `upgrade-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'deleteConsortium with its data',
    prepare: created,
    run: async (api, name) => {
      const input = { name, confirmName: name, deleteData: true };
      await until(api, (await begin(api, 'deleteConsortium', 'DeleteConsortiumInput', input, `delete-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'deleteConsortium that keeps its data',
    prepare: created,
    run: async (api, name) => {
      const input = { name, confirmName: name };
      await until(api, (await begin(api, 'deleteConsortium', 'DeleteConsortiumInput', input, `delete-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'cancelOperation of a creation',
    prepare: async (api, name, operator) => {
      operator.answer = (object) => (object.kind === 'Node' ? 'nothing' : 'ready');
      const { id } = await begin(api, 'createConsortium', 'CreateConsortiumInput', plan(name), `create-${name}`);
      await until(api, id, 'waiting');
      return id;
    },
    run: async (api, _name, id = '') => {
      await change(api, 'cancelOperation', id, (state) => state.startsWith('cancel'));
      await until(api, id, 'cancelled');
    },
  },
  {
    title: 'cancelOperation of an upgrade',
    prepare: async (api, name, operator) => {
      await created(api, name);
      operator.answer = (object) => (object.kind === 'ContractInstallation' ? 'nothing' : 'ready');
      const input = { consortium: name, name: 'note', template: 'note', version: '2.0.0' };
      const { id } = await begin(api, 'upgradeContract', 'UpgradeContractInput', input, `upgrade-${name}`);
      await until(api, id, 'waiting');
      return id;
    },
    run: async (api, _name, id = '') => {
      await change(api, 'cancelOperation', id, (state) => state.startsWith('cancel'));
      await until(api, id, 'cancelled');
    },
  },
  {
    title: 'retryOperation',
    prepare: async (api, name, operator) => {
      operator.answer = (object) => (object.kind === 'Node' ? 'stalled' : 'ready');
      const { id } = await begin(api, 'createConsortium', 'CreateConsortiumInput', plan(name), `create-${name}`);
      await until(api, id, 'failed');
      return id;
    },
    run: async (api, _name, id = '', operator) => {
      operator.answer = () => 'ready';
      await change(api, 'retryOperation', id, (state) => state !== 'failed');
      await until(api, id, 'succeeded');
    },
  },
];

/** All that is left of a run, without what differs from run to run. */
async function remains(world: World, name: string): Promise<unknown> {
  const rows = (text: string): Promise<object[]> => world.query(text, [name]);
  const objects = [];
  for (const kind of kinds) {
    const { items } = await world.admin.list(kind.type);
    for (const { kind: ofKind, metadata, spec, status } of items as GuildhallObject<unknown, { conditions?: { type: string }[] }>[]) {
      if (namespaceOwner(metadata.namespace ?? '')?.consortium !== name) continue;
      objects.push({ kind: ofKind, namespace: metadata.namespace, name: metadata.name, spec, conditions: status?.conditions?.map((condition) => condition.type) });
    }
  }
  const { items } = await world.admin.list(namespaces);
  const text = JSON.stringify({
    objects,
    namespaces: items.map((item) => item.metadata.name).filter((each) => namespaceOwner(each)?.consortium === name),
    consortia: await rows('select state, created_by from consortia where name = $1'),
    reservations: await rows('select member, msp_id from msp_reservations join consortia on id = consortium_id where name = $1 order by member'),
    operations: await rows('select kind, state, problem, lease_until is null as released, due_at is null as ended from operations where consortium = $1 order by created_at'),
    steps: await rows('select step.name, step.state from operation_steps as step join operations on id = operation_id where consortium = $1 order by created_at, position'),
    audit: await rows('select action, delegated_for, details, count(*) from audit where target = $1 group by 1, 2, 3 order by 1, 2, details::text'),
    projections: await rows('select kind, namespace, name from projections where consortium = $1 order by 1, 2, 3'),
  });
  return JSON.parse(text.replaceAll(name, 'NAME'));
}

describe('every write is a point at which the process may die', () => {
  let world: World;
  let operator: ScriptedOperator;
  let token: string;
  const ending: Promise<void>[] = [];
  let run = 0;

  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    const first = await world.start();
    token = await first.tokens.issueAdminToken();
    await first.stop();
  });
  after(async () => {
    await Promise.all(ending);
    operator.stop();
    await world.stop();
  });

  const apiOf = (life: () => FaultyLife | Promise<FaultyLife>): Api => ({
    ask: async (query, variables) => {
      for (;;) {
        try {
          const answer = await ask((await life()).controlPlane.url, token, query, variables);
          if (answer.errors?.[0]?.extensions.code !== 'UNAVAILABLE') return answer as never;
        } catch {
          // The process died in the middle of the request.
        }
        await delay(5);
      }
    },
  });

  interface Prepared {
    name: string;
    given: string | undefined;
  }

  /** Consortia on which the scenario can be run, made in one life because each takes a while. */
  async function prepare(scenario: Scenario, count: number): Promise<Prepared[]> {
    // Its clock is ahead, so that what stalls counts as stalled for long.
    const calm = await startFaultyLife(world, undefined, { now: () => new Date(Date.now() + 60_000) });
    const prepared: Prepared[] = [];
    for (let left = count; left > 0; left -= 1) {
      const name = `run${(run += 1)}`;
      operator.answer = () => 'ready';
      prepared.push({ name, given: await scenario.prepare(apiOf(() => calm), name, operator) });
    }
    await calm.end();
    return prepared;
  }

  /** One run with a fault, or none. @returns the writes of the life that had it, and what is left in the end */
  async function live(scenario: Scenario, { name, given }: Prepared, fault?: Fault): Promise<{ writes: string[]; left: unknown }> {
    let current = await startFaultyLife(world, fault);
    const { writes } = current;
    let successor: Promise<FaultyLife> | undefined;
    const alive = async (): Promise<FaultyLife> => {
      if (!current.isDead()) return current;
      // Time passes: the lease of the dead one runs out.
      successor ??= world.query(`update operations set lease_until = now() - interval '1 second' where lease_until is not null`).then(() => startFaultyLife(world));
      const next = await successor;
      if (current !== next) ending.push(current.end());
      current = next;
      return current;
    };
    await scenario.run(apiOf(alive), name, given, operator);
    const last = await alive();
    const left = await settled(name);
    await last.end();
    await clear(name);
    return { writes, left };
  }

  /** What is left, once the projections have caught up with the cluster. */
  async function settled(name: string): Promise<unknown> {
    for (;;) {
      const left = (await remains(world, name)) as { objects: object[]; projections: object[] };
      if (left.projections.length === left.objects.length) return left;
      await delay(5);
    }
  }

  async function clear(name: string): Promise<void> {
    for (const each of (await world.admin.list(namespaces)).items) {
      if (namespaceOwner(each.metadata.name)?.consortium === name) await world.admin.delete(namespaces, { name: each.metadata.name });
    }
    for (const [table, column] of [['consortia', 'name'], ['operations', 'consortium'], ['projections', 'consortium'], ['audit', 'target']]) {
      await world.query(`delete from ${table} where ${column} = $1`, [name]);
    }
  }

  for (const scenario of scenarios) {
    for (const how of ['kill', 'told-failed'] as const) {
      test(`${scenario.title}: ${how === 'kill' ? 'the process dies' : 'the process hears of a failure'} after write k, for every k`, { timeout: 600_000 }, async (t) => {
        let ready = await prepare(scenario, 1);
        const { left: expected } = await live(scenario, ready[0]!);
        for (let write = 1; ; write += 1) {
          ready = ready.slice(1);
          if (ready.length === 0) ready = await prepare(scenario, 10);
          const { writes, left } = await live(scenario, ready[0]!, { write, how });
          assert.equal(JSON.stringify(left, undefined, 1), JSON.stringify(expected, undefined, 1), `write ${write}: ${writes[write - 1]}`);
          if (writes.length < write) break;
          t.diagnostic(`${write} ${writes[write - 1]}`);
          assert.ok(write < 200, 'there is no end of writes');
        }
        for (const { name } of ready) await clear(name);
      });
    }
  }
});
