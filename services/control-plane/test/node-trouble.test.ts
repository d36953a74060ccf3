import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memberNamespace, node, type Reason } from '@guildhall/resources';
import { createClient, smallConsortium } from './client.ts';
import { startScriptedOperator } from './scripted-operator.ts';
import { startWorld } from './world.ts';

test('a change fails when its node has been in trouble for five minutes, over restarts too; what it waited for before, and a trouble that passed, do not count', async () => {
  const world = await startWorld();
  const operator = startScriptedOperator(world.admin);
  let minutes = 0;
  const start = () => world.start({ now: () => new Date(Date.now() + minutes * 60_000) });
  let controlPlane = await start();
  try {
    const client = createClient(() => controlPlane.url, await controlPlane.tokens.issueAdminToken());
    await client.until(await client.begun('createConsortium', smallConsortium('trial')), 'succeeded');
    operator.answer = () => 'nothing';
    const ref = { namespace: memberNamespace('trial', 'core'), name: 'peer0' };
    const id = await client.begun('changeNode', { consortium: 'trial', member: 'core', name: 'peer0', memory: '1Gi' });
    await client.until(id, 'waiting');
    /** After so many minutes more the node waits for this. */
    const after = async (more: number, reason: Reason): Promise<void> => {
      minutes += more;
      const generation = (await world.admin.get(node.type, ref))?.metadata.generation;
      const message = `${reason} at minute ${minutes}`;
      await world.admin.applyStatus(node.type, { metadata: ref, status: { conditions: [{ type: 'Ready', status: 'False', reason, message, observedGeneration: generation, lastTransitionTime: '2026-01-01T00:00:00Z' }] } }, { force: true });
      for (;;) {
        const { state, steps, problem } = await client.operation(id);
        if (steps.some((step) => step.message?.includes(message) === true)) return assert.equal(state, 'waiting', problem?.message);
      }
    };
    await after(0, 'WaitingForTurn');
    await after(10, 'InsufficientResources');
    await after(4, 'InsufficientResources');
    await after(1, 'WaitingForTurn');
    await after(2, 'QuotaExceeded');
    await after(4, 'CrashLooping');
    await controlPlane.stop();
    minutes += 2;
    controlPlane = await start();
    assert.match((await client.until(id, 'failed')).problem?.message ?? '', /CrashLooping at minute 21/);
  } finally {
    operator.stop();
    await controlPlane.stop();
    await world.stop();
  }
});
