import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  applyOwned, byOwner, type ConfigMap, configMaps, createController, createInformer, createManager, done, ensureFinalizer, isDeleting, isOwnedBy,
  type KubernetesClient, type Manager, refOf, type Result, type Ref, removeFinalizer, secrets,
} from '../src/index.ts';
import { createFaultPlan, type FaultPlan } from '../src/testing/index.ts';
import { createMemoryApi } from './support/memory-api.ts';
import { memoryClient } from './support/memory-client.ts';
import { until } from './support/until.ts';

const finalizer = 'guildhall.dev/cleanup';

/** A small operator, written as all of ours are: as many Secrets as a ConfigMap wants, and none when it goes. */
function operator(client: KubernetesClient): Manager {
  const wanted = createInformer(client, configMaps, { backoff: { baseMs: 1, maxMs: 20 } });
  const children = createInformer(client, secrets, { indexes: { owner: byOwner }, backoff: { baseMs: 1, maxMs: 20 } });

  async function reconcile(ref: Ref): Promise<Result> {
    const object = wanted.get(ref.namespace, ref.name);
    if (!object) return done;
    const owned = children.byIndex('owner', object.metadata.uid ?? '');
    const names = isDeleting(object) ? [] : Array.from({ length: Number(object.data?.['children'] ?? 0) }, (_, index) => `${ref.name}-${index}`);
    for (const child of owned) {
      if (!names.includes(child.metadata.name)) await client.delete(secrets, refOf(child), { uid: child.metadata.uid });
    }
    if (isDeleting(object)) {
      // Asked of the server, not of the cache: a child that was made a moment ago may not be in it, and would be left behind.
      const { items } = await client.list(secrets, { namespace: ref.namespace });
      if (!items.some((child) => isOwnedBy(child, object))) await removeFinalizer(client, configMaps, object, finalizer);
      return done;
    }
    const owner = await ensureFinalizer(client, configMaps, object, finalizer);
    for (const name of names) {
      const desired = { metadata: { name, namespace: ref.namespace ?? '' }, data: { of: Buffer.from(object.data?.['content'] ?? '').toString('base64') } };
      await applyOwned(client, secrets, owner, desired, children.get(ref.namespace, name));
    }
    return done;
  }

  const controller = createController({
    name: 'small', type: configMaps, informer: wanted, limits: { maxMs: 50, perSecond: 1_000 }, reconcile,
    watches: [{ informer: children, map: (child) => (child.metadata.ownerReferences ?? []).map(({ name }) => ({ namespace: child.metadata.namespace ?? '', name })) }],
  });
  return createManager({ controllers: [controller] });
}

const lives: { end: () => Promise<void> }[] = [];

/** A life of the operator's process, with what goes wrong in it. */
function live(api: ReturnType<typeof createMemoryApi>): { faults: FaultPlan; end: () => Promise<void> } {
  const faults = createFaultPlan();
  const stop = new AbortController();
  // Bound to the life of the process: when that ends, nothing it began goes on.
  const client = memoryClient(faults.wrap(api.fetch), { attempts: 2 }).withSignal(stop.signal);
  const running = operator(client).run(stop.signal);
  const life = {
    faults,
    async end(): Promise<void> {
      stop.abort();
      await running;
    },
  };
  lives.push(life);
  return life;
}

const user = (api: ReturnType<typeof createMemoryApi>): KubernetesClient => memoryClient(api.fetch);
const want = (api: ReturnType<typeof createMemoryApi>, name: string, children: number, content: string): Promise<ConfigMap> =>
  user(api).apply(configMaps, { metadata: { name, namespace: 'n' }, data: { children: String(children), content } }, { force: true });

const childrenOf = (api: ReturnType<typeof createMemoryApi>, name: string): string[] =>
  [...api.objects.keys()].filter((key) => key.startsWith(`/api/v1/namespaces/n/secrets/${name}-`)).sort((one, other) => (one < other ? -1 : 1));

function converged(api: ReturnType<typeof createMemoryApi>, name: string, children: number, content: string): boolean {
  const found = childrenOf(api, name);
  if (!api.objects.get(`/api/v1/namespaces/n/configmaps/${name}`)?.metadata.finalizers?.includes(finalizer)) return false;
  const data = Buffer.from(content).toString('base64');
  return found.length === children && found.every((key) => (api.objects.get(key)?.['data'] as { of?: string } | undefined)?.of === data);
}

/** A wish that was had before looks fulfilled while a pass for the one in between is still at work: so until nothing is written any more. */
async function atRest({ writes }: { writes: readonly unknown[] }, converged: () => Promise<void>): Promise<void> {
  for (let before = -1; before !== writes.length; ) {
    before = writes.length;
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    await converged();
  }
}

async function assertQuiet(api: ReturnType<typeof createMemoryApi>): Promise<void> {
  const fresh = live(api);
  try {
    await until('the caches of a new process', () => api.watches() === 2);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(fresh.faults.writes, [], 'a second pass writes nothing');
  } finally {
    await fresh.end();
  }
}

describe('an operator on the runtime', () => {
  afterEach(() => Promise.all(lives.splice(0).map((life) => life.end())));

  it('converges after being killed behind each write, makes nothing twice, and then writes nothing', async () => {
    let k = 1;
    for (; ; k++) {
      const api = createMemoryApi();
      await want(api, 'a', 4, 'first');
      const first = live(api);
      first.faults.killAfterWrite(k);
      let dead = false;
      void first.faults.killed.then(() => (dead = true));
      await until(`death or convergence (k = ${k})`, () => dead || converged(api, 'a', 4, 'first'));
      await first.end();

      const second = live(api);
      await until(`convergence after a restart (k = ${k})`, () => converged(api, 'a', 4, 'first'));
      await second.end();
      await assertQuiet(api);
      if (!dead) break;
    }
    assert.equal(k, 6, 'a finalizer and four children: five writes to die behind');
  });

  it('converges when the answer to each write is lost', async () => {
    for (let k = 1; k <= 6; k++) {
      const api = createMemoryApi();
      const one = live(api);
      one.faults.executeAndTimeout(k);
      await want(api, 'a', 4, 'first');
      await until(`convergence (k = ${k})`, () => converged(api, 'a', 4, 'first'));
      await one.end();
      await assertQuiet(api);
    }
  });

  it('converges whatever events are missed, repeated or coalesced, from random wishes and random trouble', async () => {
    const seed = Number(process.env['GUILDHALL_TEST_SEED'] ?? Date.now() % 2 ** 31);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >> 8) % below;
    };
    for (let run = 0; run < 20; run++) {
      const api = createMemoryApi();
      let process = live(api);
      let held: { release(): void } | undefined;
      const wishes = new Map<string, { children: number; content: string } | undefined>();
      const trouble: (() => Promise<void> | void)[] = [
        () => process.faults.dropWatches(),
        () => process.faults.throttle(2, 0),
        () => process.faults.fail(2, { status: 500 }),
        () => process.faults.fail(1, 'reset'),
        () => process.faults.executeAndTimeout(process.faults.writes.length + 1),
        () => void (held ??= process.faults.holdWatches()),
        () => (held?.release(), void (held = undefined)),
        async () => {
          process.faults.kill();
          await process.end();
          process = live(api);
          held = undefined;
        },
      ];
      for (let step = 0; step < 15; step++) {
        const name = ['a', 'b', 'c'][random(3)]!;
        if (random(4) === 0) {
          await user(api).delete(configMaps, { namespace: 'n', name });
          wishes.set(name, undefined);
        } else {
          const wish = { children: random(4), content: String(random(3)) };
          try {
            const before = await user(api).get(configMaps, { namespace: 'n', name });
            if (before && isDeleting(before)) continue; // it is going; a wish for it now would go with it
            await want(api, name, wish.children, wish.content);
            wishes.set(name, wish);
          } catch (error) {
            assert.fail(`${String(error)} (seed ${seed}, run ${run})`);
          }
        }
        if (random(2) === 0) await trouble[random(trouble.length)]!();
        if (random(2) === 0) await new Promise((resolve) => setTimeout(resolve, random(4)));
      }
      held?.release();
      const settled = (): boolean =>
        [...wishes].every(([name, wish]) =>
          wish === undefined
            ? childrenOf(api, name).length === 0 && !api.objects.has(`/api/v1/namespaces/n/configmaps/${name}`)
            : converged(api, name, wish.children, wish.content),
        );
      await until(() => `convergence (seed ${seed}, run ${run}): ${JSON.stringify([...wishes])} ${[...api.objects.keys()].join(' ')}`, settled);
      await atRest(process.faults, () => until(() => `convergence (seed ${seed}, run ${run})`, settled));
      await process.end();
      await assertQuiet(api);
      for (const child of api.objects.values()) {
        if (child.kind !== 'Secret') continue;
        const owner = api.objects.get(`/api/v1/namespaces/n/configmaps/${child.metadata.name.split('-')[0]}`);
        assert.ok(owner && isOwnedBy(child, owner), `an orphan: ${child.metadata.name} (seed ${seed}, run ${run})`);
      }
    }
  });
});
