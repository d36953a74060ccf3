import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ControlPlane } from '../src/index.ts';
import { createClient, smallConsortium, type Client } from './client.ts';
import { startScriptedOperator, type ScriptedOperator } from './scripted-operator.ts';
import { startWorld, type World } from './world.ts';

let world: World;
let operator: ScriptedOperator;
let controlPlane: ControlPlane;
let client: Client;
before(async () => {
  world = await startWorld();
  operator = startScriptedOperator(world.admin);
  controlPlane = await world.start();
  client = createClient(() => controlPlane.url, await controlPlane.tokens.issueAdminToken());
});
after(async () => {
  operator.stop();
  await controlPlane.stop();
  await world.stop();
});

const change = async (mutation: string, id: string, key?: string): Promise<string> => {
  const { data, errors } = await client.ask<Record<string, { id: string }>>(`mutation($id: ID!, $key: String) { ${mutation}(id: $id, idempotencyKey: $key) { id } }`, { id, key });
  return errors?.[0]?.extensions.code ?? data[mutation]?.id ?? '';
};
const audited = async (id: string, action: string): Promise<number> => (await world.query('select from audit where operation_id = $1 and action = $2', [id, action])).length;

async function failedCreation(name: string): Promise<string> {
  operator.answer = (object) => (object.kind === 'Node' ? 'stalled' : 'ready');
  const id = await client.begun('createConsortium', smallConsortium(name));
  await client.until(id, 'failed');
  operator.answer = () => 'ready';
  return id;
}

test('a retry that is sent again under its key is done once, however many come at once and however late', { timeout: 600_000 }, async () => {
  const id = await failedCreation('again');
  assert.deepEqual(await Promise.all(Array.from({ length: 5 }, () => change('retryOperation', id, 'retry-1'))), Array(5).fill(id));
  await client.until(id, 'succeeded');
  assert.equal(await change('retryOperation', id, 'retry-1'), id);
  assert.equal(await audited(id, 'retryOperation'), 1);
  assert.equal(await change('retryOperation', id, 'retry-2'), 'CONFLICT', 'another one is judged by what is so now');
  assert.equal(await change('retryOperation', id), 'CONFLICT');
});

test('a cancel that is sent again under its key is done once', { timeout: 600_000 }, async () => {
  const id = await failedCreation('undone');
  assert.deepEqual(await Promise.all([change('cancelOperation', id, 'cancel-1'), change('cancelOperation', id, 'cancel-1')]), [id, id]);
  await client.until(id, 'cancelled');
  assert.equal(await change('cancelOperation', id, 'cancel-1'), id);
  assert.equal(await audited(id, 'cancelOperation'), 1);
});

test('a key stands for one request, whichever it was', { timeout: 600_000 }, async () => {
  const one = await failedCreation('one');
  const two = await failedCreation('two');
  assert.equal(await change('retryOperation', one, 'taken'), one);
  assert.equal(await change('cancelOperation', one, 'taken'), 'IDEMPOTENCY_CONFLICT');
  assert.equal(await change('retryOperation', two, 'taken'), 'IDEMPOTENCY_CONFLICT');
  assert.equal((await client.begin('createConsortium', smallConsortium('three'), { key: 'taken' })).errors?.[0]?.extensions.code, 'IDEMPOTENCY_CONFLICT');
  await client.begun('createConsortium', smallConsortium('four'), { key: 'creation' });
  assert.equal(await change('retryOperation', two, 'creation'), 'IDEMPOTENCY_CONFLICT');
  assert.equal(await change('retryOperation', two, 'a\0b'), 'INVALID_INPUT');
  assert.equal((await client.operation(two)).state, 'failed', 'what was refused changed nothing');
});
