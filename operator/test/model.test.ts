import test from 'node:test';
import * as fc from 'fast-check';
import { atOnce } from './model/at-once.ts';
import { survive, type CrashPlan, type Later } from './model/crash.ts';

const artifactDigest = `sha256:${'ab'.repeat(32)}`;
const small = { name: 'trial', orderers: 1, peers: ['acme'], artifactDigest };
const steady: CrashPlan = { network: small, deaths: [], later: 'nothing', laterDeaths: [], watchTrouble: 0, lostAnswers: 0, luck: 1 };

const eachOf = (writes: number, run: (k: number) => Promise<unknown>): Promise<void> =>
  atOnce(Array.from({ length: writes }, (_, index) => index + 1), 6, async (k) => {
    await run(k).catch((error: unknown) => {
      throw new Error(`killed after write ${k}`, { cause: error });
    });
  });

test('an operator that is killed after any of its writes leaves nothing that the next cannot finish', async (t) => {
  const { first } = await survive(steady);
  t.diagnostic(`${first} writes`);
  await eachOf(first, (k) => survive({ ...steady, deaths: [k] }));
});

for (const [later, change] of [['upgrade', 'an upgrade'], ['other pods', 'a change of every pod'], ['a peer more', 'a peer that is added'], ['a peer less', 'a peer that is removed'], ['delete with data', 'an end']] satisfies [Later, string][]) {
  test(`neither does one that is killed after any of its writes of ${change}`, async (t) => {
    const plan = { ...steady, network: { ...small, peersEach: later === 'a peer less' ? 2 : 1 }, later };
    const { later: writes } = await survive(plan);
    t.diagnostic(`${writes} writes`);
    await eachOf(writes, (k) => survive({ ...plan, laterDeaths: [k] }));
  });
}

const deaths = (max: number): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 1, max }), { maxLength: 2 });

/** The last peer of a member, which its channel was made with, stays. */
const possible = (plan: CrashPlan): CrashPlan => (plan.later === 'a peer less' && plan.network.peersEach === 1 ? { ...plan, later: 'a peer more' } : plan);

const plan: fc.Arbitrary<CrashPlan> = fc.record({
  network: fc.record({
    name: fc.constant('trial'),
    orderers: fc.integer({ min: 1, max: 3 }),
    peers: fc.constantFrom(['acme'], ['acme', 'bank'], ['acme', 'bank', 'city']),
    peersEach: fc.constantFrom(1, 1, 2),
    together: fc.boolean(),
    artifactDigest: fc.constant(artifactDigest),
  }),
  deaths: deaths(120),
  later: fc.constantFrom<Later>('nothing', 'nothing', 'other pods', 'upgrade', 'a peer more', 'a peer less', 'delete', 'delete with data'),
  laterDeaths: deaths(40),
  watchTrouble: fc.constantFrom(0, 0.02, 0.1),
  lostAnswers: fc.constantFrom(0, 0.02, 0.1),
  luck: fc.integer(),
}).map(possible);

test('any network survives kills, lost answers and watches that break, repeat and skip', async (t) => {
  const seed = Number(process.env['GUILDHALL_SEED'] ?? Date.now() % 2 ** 31);
  t.diagnostic(`seed ${seed}; again with GUILDHALL_SEED=${seed}`);
  // Eight networks at once, 25 times: 200 runs.
  const batch = fc.array(plan, { minLength: 8, maxLength: 8 });
  await fc.assert(fc.asyncProperty(batch, async (plans) => atOnce(plans, 8, async (each) => void (await survive(each)))), { seed, numRuns: 25, endOnFailure: true });
});
