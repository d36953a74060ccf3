import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RefusedError } from './support/api.ts';
import { begin, create, running, smallConsortium, succeeded } from './support/consortium.ts';
import { createHome, type Guildhall, type Home } from './support/guildhall.ts';
import { killHard, podProcesses, type HomeProcess } from './support/processes.ts';
import { agreeOnTerms, issue, note } from './support/receivable.ts';
import { timed } from './support/timings.ts';
import { until } from './support/until.ts';

let home: Home;
let guildhall: Guildhall;
before(async () => {
  home = await createHome();
  home.expectErrors(/PostgreSQL could not be started again/, /the database does not answer/);
  guildhall = await home.start();
  await create(guildhall.api, smallConsortium('before'));
  await agreeOnTerms(guildhall.api, 'before');
});
after(() => home[Symbol.asyncDispose]());

const outageMs = 10_000;
/** How far a creation is when the outage begins. */
const intoCreationMs = 700;

const postgres = (): HomeProcess[] => home.processes().filter(({ kind, command }) => kind === 'other' && /postgres/.test(command));
const pids = (): number[][] => [...podProcesses(home.path).values()].map((found) => found.map(({ pid }) => pid));

/** Asks until it is told that a part is away. */
async function saysThatItIsAway(t: TestContext, began: number): Promise<void> {
  const refused = await until('the API says that something is away', () =>
    guildhall.api.request('query { operations(first: 1) { edges { node { id } } } }').then(() => undefined, (error: unknown) => ({ error })), outageMs);
  assert.ok(refused.error instanceof RefusedError, String(refused.error));
  t.diagnostic(`${((performance.now() - began) / 1000).toFixed(2)} s until the API says: ${refused.error.message}`);
  assert.equal(refused.error.code, 'UNAVAILABLE');
  assert.match(refused.error.nextAction, /try again.* goes on by itself/);
}

test('PostgreSQL away for ten seconds in the middle of a creation: said plainly, and it goes on by itself', async (t) => {
  const nodes = pids();
  const id = await begin(guildhall.api, 'createConsortium', smallConsortium('meanwhile'));
  await delay(intoCreationMs);
  const data = join(home.path, 'postgres', 'data');
  // Without its data nobody can start it again.
  renameSync(data, `${data}.away`);
  const began = performance.now();
  await killHard(postgres().find(({ leader }) => leader) ?? assert.fail('PostgreSQL does not run'));
  try {
    await saysThatItIsAway(t, began);
    await delay(Math.max(0, outageMs - (performance.now() - began)));
    for (const [pid] of nodes) assert.ok(pids().some(([other]) => other === pid), 'nodes run on');
  } finally {
    renameSync(`${data}.away`, data);
  }
  await timed(t, 'from its return to the end of the creation', () => succeeded(guildhall.api, id));
  assert.deepEqual((await running(guildhall.api, 'meanwhile')).contracts.map(({ sequence }) => sequence), [1]);
  await Promise.all([issue(guildhall.api, 'before', 'after'), agreeOnTerms(guildhall.api, 'meanwhile')]);
  assert.equal((await note(guildhall.api, 'before', 'after')).state, 'ISSUED');
});

test('PostgreSQL that hangs for ten seconds in the middle of a creation costs time only', async (t) => {
  const id = await begin(guildhall.api, 'createConsortium', smallConsortium('frozen'));
  await delay(intoCreationMs);
  const server = postgres();
  assert.ok(server.length > 5, 'the server and its helpers');
  for (const { pid } of server) process.kill(pid, 'SIGSTOP');
  try {
    await delay(outageMs);
  } finally {
    for (const { pid } of server) process.kill(pid, 'SIGCONT');
  }
  await timed(t, 'from its return to the end of the creation', () => succeeded(guildhall.api, id));
  await agreeOnTerms(guildhall.api, 'frozen');
  await issue(guildhall.api, 'before', 'after-hang');
});

test('Ctrl-C ends everything', () => guildhall.stop());
