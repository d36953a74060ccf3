import test from 'node:test';
import * as fc from 'fast-check';
import { atOnce } from './model/at-once.ts';
import { survive, type CrashPlan } from './model/crash.ts';

const artifactDigest = `sha256:${'ab'.repeat(32)}`;
const steady = { watchTrouble: 0, lostAnswers: 0, luck: 1 };
const small = { name: 'trial', orderers: 1, peers: ['acme'], artifactDigest };

test('an operator that is killed after any of its writes leaves nothing that the next cannot finish', async () => {
  const writes = await survive({ network: small, deaths: [], ...steady });
  await atOnce(Array.from({ length: writes }, (_, index) => index + 1), 6, async (k) => {
    await survive({ network: small, deaths: [k], ...steady }).catch((error: unknown) => {
      throw new Error(`killed after write ${k}`, { cause: error });
    });
  });
});

const plan: fc.Arbitrary<CrashPlan> = fc.record({
  network: fc.record({
    name: fc.constant('trial'),
    orderers: fc.integer({ min: 1, max: 3 }),
    peers: fc.constantFrom(['acme'], ['acme', 'bank'], ['acme', 'bank', 'city']),
    artifactDigest: fc.constant(artifactDigest),
  }),
  deaths: fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 3 }),
  watchTrouble: fc.constantFrom(0, 0.02, 0.1),
  lostAnswers: fc.constantFrom(0, 0.02, 0.1),
  luck: fc.integer(),
});

test('any network survives kills, lost answers and watches that break, repeat and skip', async (t) => {
  const seed = Number(process.env['GUILDHALL_SEED'] ?? Date.now() % 2 ** 31);
  t.diagnostic(`seed ${seed}; again with GUILDHALL_SEED=${seed}`);
  // Eight networks at once, 25 times: 200 runs.
  const batch = fc.array(plan, { minLength: 8, maxLength: 8 });
  await fc.assert(fc.asyncProperty(batch, async (plans) => atOnce(plans, 8, async (each) => void (await survive(each)))), { seed, numRuns: 25, endOnFailure: true });
});
