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
    // Whoever asks all the time keeps the one who works from working.
    await delay(20);
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
  /** What the operator says from the preparation on; "ready" of everything unless told otherwise. */
  answer?: ScriptedOperator['answer'];
  /** Without faults, and for several at once. */
  prepare(api: Api, name: string): Promise<string | undefined>;
  run(api: Api, name: string, prepared: string | undefined, operator: ScriptedOperator): Promise<void>;
}

const created = async (api: Api, name: string): Promise<string> => {
  const { id } = await begin(api, 'createConsortium', 'CreateConsortiumInput', plan(name), `create-${name}`);
  await until(api, id, 'succeeded');
  return id;
};

const addPeer = async (api: Api, name: string): Promise<string> => {
  const { id } = await begin(api, 'addNode', 'AddNodeInput', { consortium: name, member: 'core', name: 'peer1', role: 'peer' }, `add-${name}`);
  await until(api, id, 'succeeded');
  return id;
};

const beginChange = async (api: Api, name: string): Promise<string> => {
  const input = { consortium: name, member: 'core', name: 'orderer0', memory: '512Mi', storage: '20Gi' };
  return (await begin(api, 'changeNode', 'ChangeNodeInput', input, `change-${name}`)).id;
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
    title: 'approve of a deployment that waits for it',
    prepare: async (api, name) => {
      await created(api, name);
      const input = { consortium: name, channel: 'trade', name: 'other', template: 'note', consent: 'each' };
      const { id } = await begin(api, 'deployContract', 'DeployContractInput', input, `deploy-${name}`);
      await until(api, id, 'waiting');
      return id;
    },
    run: async (api, name, id = '') => {
      const { errors } = await api.ask('mutation($input: ApproveInput!) { approve(input: $input) { decision { state } } }', { input: { consortium: name, contract: 'other', member: 'core' } });
      assert.equal(errors, undefined, JSON.stringify(errors));
      await until(api, id, 'succeeded');
    },
  },
  {
    title: 'addNode',
    prepare: created,
    run: async (api, name) => void (await addPeer(api, name)),
  },
  {
    title: 'removeNode',
    prepare: async (api, name) => {
      await created(api, name);
      return addPeer(api, name);
    },
    run: async (api, name) => {
      const input = { consortium: name, member: 'core', name: 'peer1', confirmName: 'peer1' };
      await until(api, (await begin(api, 'removeNode', 'RemoveNodeInput', input, `remove-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'restartNode',
    prepare: created,
    run: async (api, name) => {
      const input = { consortium: name, member: 'core', name: 'orderer0' };
      await until(api, (await begin(api, 'restartNode', 'RestartNodeInput', input, `restart-${name}`)).id, 'succeeded');
    },
  },
  {
    title: 'changeNode',
    prepare: created,
    run: async (api, name) => until(api, await beginChange(api, name), 'succeeded'),
  },
  {
    title: 'cancelOperation of a change of a node',
    answer: (object) => (object.kind === 'Node' && (object.metadata.generation ?? 0) > 1 ? 'nothing' : 'ready'),
    prepare: async (api, name) => {
      await created(api, name);
      const id = await beginChange(api, name);
      await until(api, id, 'waiting');
      return id;
    },
    run: async (api, _name, id = '') => {
      await change(api, 'cancelOperation', id, (state) => state.startsWith('cancel'));
      await until(api, id, 'cancelled');
    },
  },
  {
    title: 'cancelOperation of an added peer',
    answer: (object) => (object.kind === 'Node' && object.metadata.name === 'peer1' ? 'nothing' : 'ready'),
    prepare: async (api, name) => {
      await created(api, name);
      const { id } = await begin(api, 'addNode', 'AddNodeInput', { consortium: name, member: 'core', name: 'peer1', role: 'peer' }, `add-${name}`);
      await until(api, id, 'waiting');
      return id;
    },
    run: async (api, _name, id = '') => {
      await change(api, 'cancelOperation', id, (state) => state.startsWith('cancel'));
      await until(api, id, 'cancelled');
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
    answer: (object) => (object.kind === 'Node' ? 'nothing' : 'ready'),
    prepare: async (api, name) => {
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
    answer: (object) => (object.kind === 'ContractInstallation' && (object.metadata.generation ?? 0) > 1 ? 'nothing' : 'ready'),
    prepare: async (api, name) => {
      await created(api, name);
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
    answer: (object) => (object.kind === 'Node' ? 'stalled' : 'ready'),
    prepare: async (api, name) => {
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

const remaining = {
  consortia: 'select state, created_by from consortia where name = $1',
  reservations: 'select member, msp_id from msp_reservations join consortia on id = consortium_id where name = $1 order by member',
  operations: 'select kind, state, problem, lease_until is null as released, due_at is null as ended from operations where consortium = $1 order by created_at',
  steps: 'select step.name, step.state from operation_steps as step join operations on id = operation_id where consortium = $1 order by created_at, position',
  audit: 'select action, delegated_for, details, count(*) from audit where target = $1 group by 1, 2, 3 order by 1, 2, details::text',
  decisions: `select contract, version, consent, member, decision.state, actor from contract_definitions as definition join consortia on consortia.id = consortium_id
    left join contract_decisions as decision on definition_id = definition.id where name = $1 order by 1, 2, 4`,
  projections: 'select kind, namespace, name from projections where consortium = $1 order by 1, 2, 3',
};

/** All that is left of a run, without what differs from run to run. */
async function remains(world: World, name: string): Promise<unknown> {
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
    ...Object.fromEntries(await Promise.all(Object.entries(remaining).map(async ([what, query]) => [what, await world.query(query, [name])]))),
  });
  return JSON.parse(text.replaceAll(name, 'NAME').replaceAll(/"restartedAt":"[^"]*"/g, '"restartedAt":"AT"'));
}

interface Case {
  scenario: Scenario;
  how: Fault['how'];
}

/** One after the other, in a world of their own. */
function inOneWorld(cases: readonly Case[]): void {
  let world: World;
  let operator: ScriptedOperator;
  let token: string;
  /** Lives that have not ended, also those of a run that failed. */
  const lives = new Set<FaultyLife>();
  const ending: Promise<void>[] = [];
  const start = async (options?: Parameters<typeof startFaultyLife>[1]): Promise<FaultyLife> => {
    const life = await startFaultyLife(world, options);
    lives.add(life);
    return life;
  };
  const end = async (life: FaultyLife): Promise<void> => {
    if (lives.delete(life)) await life.end();
  };
  /** The life that came to the end of the last run: the next one goes on with it. */
  let resting: FaultyLife | undefined;
  let run = 0;

  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    const first = await world.start();
    token = await first.tokens.issueAdminToken();
    await first.stop();
  });
  after(async () => {
    await Promise.all([...ending, ...[...lives].map(end)]);
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
    await endResting();
    const calm = await start({ now: () => new Date(Date.now() + 60_000) });
    operator.answer = scenario.answer ?? (() => 'ready');
    const names = Array.from({ length: count }, () => `run${(run += 1)}`);
    const prepared = await Promise.all(names.map(async (name) => ({ name, given: await scenario.prepare(apiOf(() => calm), name) })));
    await end(calm);
    return prepared;
  }

  /** One run with a fault, or none. @returns the writes of the life that had it, and what is left in the end */
  async function live(scenario: Scenario, { name, given }: Prepared, fault?: Fault): Promise<{ writes: string[]; left: unknown }> {
    let current = resting ?? (await start());
    const writes = current.arm(fault);
    let successor: Promise<FaultyLife> | undefined;
    const alive = async (): Promise<FaultyLife> => {
      if (!current.isDead()) return current;
      // Time passes: the lease of the dead one runs out.
      successor ??= world.query(`update operations set lease_until = now() - interval '1 second' where lease_until is not null`).then(() => start());
      const next = await successor;
      if (current !== next) ending.push(end(current));
      current = next;
      return current;
    };
    await scenario.run(apiOf(alive), name, given, operator);
    const left = await settled(name, alive);
    // The fault may strike a write that came after all else; from here on there is none.
    current.arm();
    resting = await alive();
    await clear(name);
    return { writes, left };
  }

  async function endResting(): Promise<void> {
    if (resting) await end(resting);
    resting = undefined;
  }

  /** What is left, once the projections have caught up with the cluster: the work of whoever lives by then. */
  async function settled(name: string, alive: () => Promise<FaultyLife>): Promise<unknown> {
    for (;;) {
      await alive();
      const left = (await remains(world, name)) as { objects: object[]; projections: object[] };
      if (left.projections.length === left.objects.length) return left;
      await delay(5);
    }
  }

  /** Whoever rests takes note of what was cleared away; that belongs to no run. */
  async function noted(name: string): Promise<void> {
    while ((await world.query('select from projections where consortium = $1', [name])).length > 0) await delay(5);
  }

  async function clear(name: string): Promise<void> {
    for (const each of (await world.admin.list(namespaces)).items) {
      if (namespaceOwner(each.metadata.name)?.consortium === name) await world.admin.delete(namespaces, { name: each.metadata.name });
    }
    if (resting) await noted(name);
    for (const [table, column] of [['consortia', 'name'], ['operations', 'consortium'], ['projections', 'consortium'], ['audit', 'target']]) {
      await world.query(`delete from ${table} where ${column} = $1`, [name]);
    }
  }

  for (const { scenario, how } of cases) {
    test(`${scenario.title}: ${how === 'kill' ? 'the process dies' : 'the process hears of a failure'} after write k, for every k`, { timeout: 1_200_000 }, async (t) => {
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

// Each run waits for as long as it works, so two worlds side by side take little longer than one.
const worlds = 2;
const cases: Case[] = scenarios.flatMap((scenario) => (['kill', 'told-failed'] as const).map((how) => ({ scenario, how })));

describe('every write is a point at which the process may die', { concurrency: worlds }, () => {
  for (let index = 0; index < worlds; index += 1) {
    describe(`world ${index + 1}`, { concurrency: 1 }, () => inOneWorld(cases.filter((_, position) => position % worlds === index)));
  }
});
