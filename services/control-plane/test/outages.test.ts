import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TransportError, type KubernetesClient } from '@guildhall/kubernetes';
import { pino } from 'pino';
import type { ControlPlane } from '../src/index.ts';
import { createClient, smallConsortium, subscribe, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { ask, startWorld, type World } from './world.ts';

/** A logger whose lines a test can read. */
function listening() {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  return { logger, lines };
}

const settled = async (check: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('the database stops and starts', { timeout: 600_000 }, () => {
  let world: World;
  let operator: ScriptedOperator;
  let controlPlane: ControlPlane;
  let token: string;
  let client: Client;
  const { logger, lines } = listening();

  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    controlPlane = await world.start({ logger });
    token = await controlPlane.tokens.issueAdminToken();
    client = createClient(() => controlPlane.url, token);
  });
  after(async () => {
    operator.stop();
    await controlPlane.stop();
    await world.stop();
  });

  test('requests say so and what to do, an operation goes on by itself, a subscription goes on telling of it', async () => {
    operator.answer = (object) => (object.kind === 'Node' ? 'nothing' : 'ready');
    const id = await client.begun('createConsortium', smallConsortium('trade'));
    await client.until(id, 'waiting');
    const states: string[] = [];
    const watching = subscribe<{ operation: { state: string } }>(controlPlane.url, token, 'subscription($id: ID!) { operation(id: $id) { state steps { state } log { message } } }', { id }, ({ data }) => {
      if (data?.operation) states.push(data.operation.state);
    });
    await settled(() => states.length > 0);

    await world.postgres.halt();
    const response = await fetch(`${controlPlane.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify({ query: '{ templates { id } }' }) });
    assert.equal(response.status, 503);
    const { errors } = (await response.json()) as { errors: { extensions: { code: string; nextAction: string } }[] };
    assert.equal(errors[0]?.extensions.code, 'UNAVAILABLE');
    assert.match(errors[0]?.extensions.nextAction ?? '', /try again in a few seconds/);
    assert.equal((await fetch(`${controlPlane.url}/healthz`)).status, 200);
    const ready = await fetch(`${controlPlane.url}/readyz`);
    assert.equal(ready.status, 503);
    assert.match(await ready.text(), /"database":"it does not answer"/);
    // Meanwhile its nodes become ready, and nobody can write that down.
    operator.answer = () => 'ready';
    for (const node of (await world.admin.list(nodeType)).items) await world.admin.mergePatch(nodeType, { namespace: node.metadata.namespace ?? '', name: node.metadata.name }, { metadata: { annotations: { looked: 'again' } } });

    await world.postgres.resume();
    await settled(async () => (await client.ask('{ templates { id } }')).errors === undefined);
    await client.until(id, 'succeeded');
    await watching;
    assert.equal(states.at(-1), 'succeeded');
    assert.deepEqual(lines.filter((line) => line.level >= 50), [], 'an outage is expected, and no error of ours');
  });

  test('each thing that failed is said once and not at every try', () => {
    const counts = Map.groupBy(lines.filter((line) => line.level >= 40), (line) => line.msg);
    for (const [message, same] of counts) assert.ok(same.length <= 3, `${same.length} times: ${message}`);
    assert.ok(lines.some((line) => /works again/.test(line.msg)));
  });

  test('stopping does not wait for a database that is away', async () => {
    const other = await world.start();
    await world.postgres.halt();
    await other.stop();
    await world.postgres.resume();
  });

  test('a start waits for a database that is not there yet, says so, and answers meanwhile', async () => {
    await world.postgres.halt();
    const heard = listening();
    const address = Promise.withResolvers<string>();
    const starting = world.start({ logger: heard.logger, onListening: address.resolve });
    const url = await address.promise;
    const { errors } = await ask(url, token, '{ templates { id } }');
    assert.equal(errors?.[0]?.extensions.code, 'UNAVAILABLE');
    assert.match(errors?.[0]?.message ?? '', /is starting/);
    await settled(() => heard.lines.some((line) => /reaching the database failed/.test(line.msg)));
    await world.postgres.resume();
    const started = await starting;
    assert.equal((await ask(started.url, token, '{ templates { id } }')).errors, undefined);
    await started.stop();
  });

  test('waiting for a database can be given up', async () => {
    await world.postgres.halt();
    const stopping = new AbortController();
    const starting = world.start({ signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await assert.rejects(starting, /enough/);
    await world.postgres.resume();
  });
});

const nodeType = { group: 'guildhall.dev', version: 'v1alpha1', kind: 'Node', plural: 'nodes', namespaced: true };

describe('the cluster stops answering', { timeout: 600_000 }, () => {
  test('an operation says so, and goes on when it answers again', async () => {
    const world = await startWorld();
    const operator = startScriptedOperator(world.admin);
    let away = true;
    const guarded = (client: KubernetesClient): KubernetesClient => {
      const unless = <T>(task: () => T): T => {
        if (away) throw new TransportError('Unreachable', 'connect ECONNREFUSED 127.0.0.1:6443 with token secret');
        return task();
      };
      return {
        ...client,
        get: async (...args) => unless(() => client.get(...args)),
        list: async (...args) => unless(() => client.list(...args)),
        apply: async (...args) => unless(() => client.apply(...args)),
        watch: (...args) => unless(() => client.watch(...args)),
        withSignal: (signal) => guarded(client.withSignal(signal)),
      };
    };
    const { logger, lines } = listening();
    const controlPlane = await world.start({ client: guarded(world.connect()), logger });
    const client = createClient(() => controlPlane.url, 'unused');
    const token = await controlPlane.tokens.issueAdminToken();
    const signedIn = createClient(() => controlPlane.url, token);
    assert.equal((await client.ask('{ templates { id } }')).errors?.[0]?.extensions.code, 'UNAUTHENTICATED');

    const id = await signedIn.begun('createConsortium', smallConsortium('trade'));
    const waiting = await signedIn.until(id, 'waiting');
    assert.equal(waiting.steps[0]?.reason, 'Failed');
    assert.match(waiting.steps[0]?.message ?? '', /the cluster does not answer/);
    assert.doesNotMatch(JSON.stringify(waiting), /6443|secret/);
    assert.match(await (await fetch(`${controlPlane.url}/readyz`)).text(), /"cluster":"[^"]*: the server does not answer \(Unreachable\)"/);
    // Queries are answered from what is known.
    assert.equal((await signedIn.ask('{ consortium(name: "trade") { name summary } }')).errors, undefined);

    away = false;
    await signedIn.until(id, 'succeeded');
    assert.deepEqual(lines.filter((line) => line.level >= 50), []);
    operator.stop();
    await controlPlane.stop();
    await world.stop();
  });
});
