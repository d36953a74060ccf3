import test from 'node:test';
import * as fc from 'fast-check';
import { atOnce } from './model/at-once.ts';
import { survive, type CrashPlan, type Later } from './model/crash.ts';

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
    artifactDigest: fc.constant(`sha256:${'ab'.repeat(32)}`),
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
