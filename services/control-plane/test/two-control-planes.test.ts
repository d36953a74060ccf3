import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isNotFound, type KubernetesClient } from '@guildhall/kubernetes';
import { consortium, contract } from '@guildhall/resources';
import { pino } from 'pino';
import { databaseSchema, openDatabase, openPool, postgresCode, type Database } from '../src/database/database.ts';
import type { ControlPlane } from '../src/index.ts';
import { claimOperation, finishStep, LostClaimError, releaseLease, renewLease, startStep } from '../src/operations/claim-repository.ts';
import { findOperation, insertOperation, stepsOf } from '../src/operations/operation-repository.ts';
import { createClient, smallConsortium, type Client } from './client.ts';
import { startFaultyLife } from './faulty-life.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

/** Of two contracts that were asked for at once, only the one that won has installations. */
function notThere(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

describe('a claim', () => {
  let world: World;
  let db: Database;
  before(async () => {
    world = await startWorld();
    await (await world.start()).stop();
    db = openDatabase(openPool({ connectionString: world.postgres.url, schema: databaseSchema, applicationName: 'test', max: 4, logger: pino({ level: 'silent' }) }));
  });
  after(async () => {
    await db.destroy();
    await world.stop();
  });

  const newOperation = async (name: string): Promise<string> =>
    (
      await insertOperation(db, {
        kind: 'createConsortium', consortium: name, subject: '', actor: 'admin', plan: {}, idempotencyKey: undefined, inputDigest: 'sha256:0',
        steps: [{ name: 'only', title: 'The only step' }],
      })
    ).id;
  const leaseRunsOut = (id: string): Promise<unknown> => world.query(`update operations set lease_until = now() - interval '1 second' where id = $1`, [id]);

  test('is one worker’s until its lease runs out', async () => {
    const id = await newOperation('one');
    const claims = await Promise.all(['a', 'b', 'c'].map((worker) => claimOperation(db, id, worker)));
    assert.equal(claims.filter((claim) => claim !== undefined).length, 1);
    assert.equal(await claimOperation(db, id, 'd'), undefined);
    await leaseRunsOut(id);
    assert.ok(await claimOperation(db, id, 'd'));
  });

  test('that was taken over lets the late writes of the stalled worker find no row', async () => {
    const id = await newOperation('two');
    const last = { next: undefined, now: new Date() };
    const stalled = await claimOperation(db, id, 'stalled');
    assert.ok(stalled);
    await startStep(db, stalled, stalled.steps[0]!);
    await leaseRunsOut(id);
    const next = await claimOperation(db, id, 'next');
    assert.ok(next);
    await startStep(db, next, next.steps[0]!);
    await finishStep(db, next, next.steps[0]!, { kind: 'done', message: 'by the next one' }, last);

    await assert.rejects(finishStep(db, stalled, stalled.steps[0]!, { kind: 'fail', reason: 'Late', problem: { code: 'X', message: 'late', nextAction: '' } }, last), LostClaimError);
    assert.equal(await renewLease(db, stalled), false);
    assert.equal(await releaseLease(db, stalled), false);
    assert.equal((await findOperation(db, id))?.state, 'succeeded');
    assert.equal((await stepsOf(db, [id]))[0]?.message, 'by the next one');
  });

  test('can be taken again at once by the worker that could not give it back', async () => {
    const id = await newOperation('three');
    const first = await claimOperation(db, id, 'a');
    const again = await claimOperation(db, id, 'a');
    assert.equal(again?.operation.epoch, (first?.operation.epoch ?? 0) + 1);
    await assert.rejects(startStep(db, first!, first!.steps[0]!), LostClaimError);
  });
});

describe('two control planes on one database', { timeout: 600_000 }, () => {
  let world: World;
  let operator: ScriptedOperator;
  let planes: [ControlPlane, ControlPlane];
  let one: Client;
  let two: Client;
  before(async () => {
    world = await startWorld();
    operator = startScriptedOperator(world.admin);
    // Both bring an empty database up to date at the same time.
    planes = await Promise.all([world.start(), world.start()]);
    const token = await planes[0].tokens.issueAdminToken();
    one = createClient(() => planes[0].url, token);
    two = createClient(() => planes[1].url, token);
  });
  after(async () => {
    operator.stop();
    await Promise.all(planes.map((plane) => plane.stop()));
    await world.stop();
  });

  /** Both control planes use the queue meanwhile: of two that lock its tables crosswise PostgreSQL refuses one, and it may be this one. */
  const dropQueue = async (): Promise<void> => {
    for (;;) {
      try {
        await world.query('drop schema bullmq cascade');
        return;
      } catch (error) {
        assert.equal(postgresCode(error), '40P01', String(error));
      }
    }
  };

  test('an idempotency key raced by many requests gives one operation', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? one : two).begin('createConsortium', smallConsortium('raced'), { key: 'raced' })));
    const ids = new Set(answers.map(({ data, errors }) => {
      assert.equal(errors, undefined, JSON.stringify(errors));
      return data['createConsortium']?.operation?.id;
    }));
    assert.equal(ids.size, 1);
    const done = await two.until([...ids][0] ?? '', 'succeeded');
    assert.ok(done.steps.every((step) => step.attempt === 1), 'each step was started once');
    const [counted] = await world.query<{ operations: string; audit: string; outbox: string; reservations: string }>(`select
      (select count(*) from operations where consortium = 'raced') as operations,
      (select count(*) from audit where target = 'raced' and action = 'createConsortium') as audit,
      (select count(*) from outbox where operation_id = any(select id from operations where consortium = 'raced')) as outbox,
      (select count(*) from msp_reservations join consortia on consortia.id = consortium_id where name = 'raced') as reservations`);
    assert.deepEqual(counted, { operations: '1', audit: '1', outbox: '1', reservations: '2' });
  });

  test('the same key raced by different requests is one operation, and a conflict for the others', async () => {
    const answers = await Promise.all(['left', 'right'].map((name, index) => (index === 0 ? one : two).begin('createConsortium', smallConsortium(name), { key: 'shared' })));
    const refused = answers.filter(({ errors }) => errors !== undefined);
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.errors?.[0]?.extensions.code, 'IDEMPOTENCY_CONFLICT');
    assert.equal((await world.query(`select from consortia where name in ('left', 'right')`)).length, 1);
  });

  test('a key belongs to who used it, and to the kind of request', async () => {
    await one.begun('deployContract', { consortium: 'raced', channel: 'trade', name: 'kinds', template: 'note', version: '1.0.0' }, { key: 'kinds' }).then((id) => one.until(id, 'succeeded'));
    const other = await one.begin('upgradeContract', { consortium: 'raced', name: 'kinds', template: 'note', version: '2.0.0' }, { key: 'kinds' });
    assert.equal(other.errors?.[0]?.extensions.code, 'IDEMPOTENCY_CONFLICT');
    await world.query(`insert into operations (kind, consortium, actor, plan, state, idempotency_key, input_digest) values ('createConsortium', 'elsewhere', 'somebody', '{}', 'succeeded', 'theirs', 'sha256:0')`);
    const mine = await one.begin('createConsortium', smallConsortium('mine'), { key: 'theirs' });
    assert.equal(mine.errors, undefined);
  });

  test('one operation at a time changes a consortium', async () => {
    const deploy = (client: Client, name: string) => client.begin('deployContract', { consortium: 'raced', channel: 'trade', name, template: 'note' });
    operator.answer = (object) => (object.kind === 'ContractInstallation' && object.metadata.name.startsWith('busy') ? 'nothing' : 'ready');
    const answers = await Promise.all([deploy(one, 'busy-a'), deploy(two, 'busy-b')]);
    const codes = answers.flatMap(({ errors }) => errors?.[0]?.extensions.code ?? []);
    assert.deepEqual(codes, ['BUSY']);
    const id = answers.flatMap(({ data }) => data?.['deployContract']?.operation?.id ?? [])[0] ?? '';
    assert.ok(answers.find(({ errors }) => errors)?.errors?.[0]?.message.includes(`deployContract`) && answers.find(({ errors }) => errors)?.errors?.[0]?.message.includes(id), 'the other one is named');
    assert.match(answers.find(({ errors }) => errors)?.errors?.[0]?.extensions.nextAction ?? '', /wait until it ends/);
    operator.answer = () => 'ready';
    await world.admin.mergePatch(consortium.type, { namespace: 'gh-raced', name: 'raced' }, { metadata: { annotations: { look: 'again' } } });
    for (const name of ['busy-a', 'busy-b']) {
      for (const namespace of ['gh-raced--core', 'gh-raced--bank']) {
        await world.admin.mergePatch({ ...contract.type, kind: 'ContractInstallation', plural: 'contractinstallations' }, { namespace, name }, { metadata: { annotations: { look: 'again' } } }).catch(notThere);
      }
    }
    await one.until(id, 'succeeded');
  });

  test('who dropped the whole queue has cost time and nothing else', async () => {
    operator.answer = (object) => (object.kind === 'Node' ? 'nothing' : 'ready');
    const id = await one.begun('createConsortium', smallConsortium('unrung'));
    await one.until(id, 'waiting');
    await dropQueue();
    operator.answer = () => 'ready';
    const during = await one.begun('deployContract', { consortium: 'raced', channel: 'trade', name: 'unrung', template: 'note' });
    for (const name of ['peer0', 'orderer0']) await world.admin.mergePatch({ ...contract.type, kind: 'Node', plural: 'nodes' }, { namespace: 'gh-unrung--core', name }, { metadata: { annotations: { look: 'again' } } });
    await world.admin.mergePatch({ ...contract.type, kind: 'Node', plural: 'nodes' }, { namespace: 'gh-unrung--bank', name: 'peer0' }, { metadata: { annotations: { look: 'again' } } });
    await one.until(during, 'succeeded');
    await two.until(id, 'succeeded');
    while ((await world.query(`select from pg_namespace where nspname = 'bullmq'`)).length === 0) await delay(50); // it is made anew
    await one.until(await two.begun('deleteConsortium', { name: 'unrung', confirmName: 'unrung', deleteData: true }), 'succeeded');
  });
});

describe('a worker that stalls in the middle of a write to the cluster', { timeout: 600_000 }, () => {
  test('is not waited for longer than its lease, and what it writes late is refused', async () => {
    const world = await startWorld();
    const operator = startScriptedOperator(world.admin, () => 'nothing');
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const stalling = (client: KubernetesClient): KubernetesClient => ({
      ...client,
      apply: async (type, object, options) => {
        if (type.kind === 'Node') {
          reached.resolve();
          await held.promise;
        }
        return client.apply(type, object, options);
      },
      withSignal: (signal) => stalling(client.withSignal(signal)),
    });
    const stalled = await world.start({ client: stalling(world.connect()) });
    const client = createClient(() => stalled.url, await stalled.tokens.issueAdminToken());
    const id = await client.begun('createConsortium', smallConsortium('late'));
    await reached.promise;

    const other = await world.start();
    const { errors } = await client.ask('mutation($id: ID!) { cancelOperation(id: $id) { state } }', { id });
    assert.equal(errors, undefined);
    const [row] = await world.query<{ state: string; lease_until: Date | null }>('select state, lease_until from operations where id = $1', [id]);
    assert.equal(row?.state, 'cancelling');
    assert.notEqual(row?.lease_until, null, 'the undo does not begin while the other may still write');
    await world.query(`update operations set lease_until = now() - interval '1 second' where id = $1`, [id]);
    await client.until(id, 'cancelled');

    held.resolve();
    await stalled.stop();
    const left = await world.admin.list({ ...contract.type, kind: 'Node', plural: 'nodes' });
    assert.deepEqual(left.items, []);
    const [after] = await world.query<{ state: string }>('select state from operations where id = $1', [id]);
    assert.equal(after?.state, 'cancelled');
    operator.stop();
    await other.stop();
    await world.stop();
  });
});

describe('a control plane that was killed in the middle of an operation', { timeout: 600_000 }, () => {
  test('goes on at once when it starts again under its name', async () => {
    const world = await startWorld();
    const operator = startScriptedOperator(world.admin);
    const name = { workerId: 'the only one' };
    const killed = await startFaultyLife(world, name);
    const token = await killed.controlPlane.tokens.issueAdminToken();
    killed.arm({ write: 10, how: 'kill' });
    await createClient(() => killed.controlPlane.url, token).begin('createConsortium', smallConsortium('trade'), { key: 'k' }).catch(() => undefined);
    while (!killed.isDead()) await delay(5);
    const leased = await world.query(`update operations set lease_until = now() + interval '1 hour' where lease_until > now() returning id`);
    assert.equal(leased.length, 1);

    const again = await world.start(name);
    const client = createClient(() => again.url, token);
    await client.until(await client.begun('createConsortium', smallConsortium('trade'), { key: 'k' }), 'succeeded');
    operator.stop();
    await Promise.all([again.stop(), killed.end()]);
    await world.stop();
  });
});
