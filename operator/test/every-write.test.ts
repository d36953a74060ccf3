import test from 'node:test';
import { atOnce } from './model/at-once.ts';
import { survive, type CrashPlan, type Later } from './model/crash.ts';

const small = { name: 'trial', orderers: 1, peers: ['acme'], artifactDigest: `sha256:${'ab'.repeat(32)}` };
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
