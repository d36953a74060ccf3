import assert from 'node:assert/strict';
import { signingRequest } from '@guildhall/resources';
import { writeNetwork, type NetworkSpec } from '../network.ts';
import type { Faults } from './mortal.ts';
import { touchAll } from './second-pass.ts';
import { createModelWorld, type ModelWorld } from './world.ts';

export interface CrashPlan {
  network: NetworkSpec;
  /** After how many writes each of the first lives ends. The last life goes on. */
  deaths: readonly number[];
  watchTrouble: number;
  lostAnswers: number;
  /** Seed of what goes wrong when. */
  luck: number;
}

/**
 * Kills the operator again and again while a network comes up, lets the last life finish, and holds what must be true then: all is
 * ready, nothing was made twice, and another look at everything writes nothing. Gives the writes of the last life.
 */
export async function survive(plan: CrashPlan): Promise<number> {
  const world = await createModelWorld();
  try {
    const faults: Faults = { random: seeded(plan.luck), watchTrouble: plan.watchTrouble, lostAnswers: plan.lostAnswers };
    const written = writeNetwork(world.client, plan.network);
    for (const writes of plan.deaths) {
      const life = world.begin(faults);
      life.dieAfter(writes);
      await Promise.race([life.died, written.then(() => world.untilReady(plan.network.name))]);
      await life.stop();
    }
    await written;
    const last = world.begin(faults);
    await world.untilReady(plan.network.name);
    Object.assign(faults, { watchTrouble: 0, lostAnswers: 0 });
    await world.untilQuiet(last);
    // What was ready in a former life counts only when this one has found it so too, and without being woken by chance.
    assert.equal(await world.notReady(), '', 'nothing waits for what has come already');
    await expectConverged(world, plan.network);
    const before = last.writes.length;
    await touchAll(world.client);
    await world.untilQuiet(last);
    assert.deepEqual(last.writes.slice(before), [], 'a second look at everything writes nothing');
    return before;
  } finally {
    await world.end();
  }
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export async function expectConverged({ client, fabric, violations }: ModelWorld, network: NetworkSpec): Promise<void> {
  assert.deepEqual(violations, [], 'keys, identities and first blocks are made once');
  assert.equal(fabric.record.genesisBlocks.get('trade')?.size, 1, 'one first block');
  const commits = fabric.record.commits.map(({ contract, sequence }) => `${contract}@${sequence}`);
  assert.deepEqual(commits, network.artifactDigest === undefined ? [] : ['receivable@1'], 'one commit');
  assert.deepEqual((await client.list(signingRequest.type)).items.map(({ metadata }) => metadata.name), [], 'no signature is left over');
}
