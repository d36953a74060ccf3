import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, ResourceType } from '@guildhall/kubernetes';
import { writeNetwork } from '../network.ts';
import { createModelWorld, type ModelWorld } from './world.ts';

export const digest = (letters: string): string => `sha256:${letters.repeat(32)}`;
export const trial = { name: 'trial', orderers: 3, peers: ['acme', 'bank'], artifactDigest: digest('ab') };
export const acme = 'gh-trial--acme';

export async function running(t: TestContext): Promise<ModelWorld & { life: ReturnType<ModelWorld['begin']> }> {
  const world = await createModelWorld();
  t.after(() => world.end());
  const life = world.begin();
  await writeNetwork(world.client, trial);
  await world.untilReady('trial');
  return { ...world, life };
}

/** Waits until an object looks as it should; says how it looks when that does not come. */
export async function until<T extends KubernetesObject>(world: ModelWorld, type: ResourceType<T>, ref: { namespace: string; name: string }, holds: (object: T | undefined) => boolean): Promise<T | undefined> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const object = await world.client.get(type, ref);
    if (holds(object)) return object;
    if (Date.now() > deadline) throw new Error(`${type.kind} ${ref.name} stays as it is: ${JSON.stringify(object, undefined, 1)}`);
    await delay(5);
  }
}

export const reasonOf = (object: { status?: { conditions?: { type: string; reason: string }[] | undefined } | undefined } | undefined, type = 'Ready'): string | undefined =>
  object?.status?.conditions?.find((condition) => condition.type === type)?.reason;

export const messageOf = (object: { status?: { conditions?: { type: string; message: string }[] | undefined } | undefined } | undefined, type = 'Ready'): string =>
  object?.status?.conditions?.find((condition) => condition.type === type)?.message ?? '';
