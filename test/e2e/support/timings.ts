import type { TestContext } from 'node:test';

/** Runs it and says, as a line of the test's report, how long it took. */
export async function timed<T>(t: TestContext, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  t.diagnostic(`${((performance.now() - began) / 1000).toFixed(2)} s  ${what}`);
  return result;
}
