import { setTimeout as delay } from 'node:timers/promises';
import { node } from '@guildhall/resources';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { busy, type Furnished } from './furnished.ts';
import { visitSignedIn } from './visit.ts';

/** What an hour brings when a block comes every second, in a minute and a half. */
const updates = 3600;
const everyMs = 25;
const samples = 6;

export interface LiveFigures {
  /** By page: megabytes of the heap that an hour would add, after collecting what is dead. */
  growth: Record<string, number>;
  heap: Record<string, number>;
}

const heapMegabytes = async (devTools: CDPSession): Promise<number> => {
  for (let turn = 0; turn < 2; turn += 1) await devTools.send('HeapProfiler.collectGarbage');
  return (await devTools.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
};

/** Least squares: megabytes for each of the equal steps between samples. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [above, below] = values.reduce(([a, b], value, index) => [a + (index - middle) * (value - mean), b + (index - middle) ** 2], [0, 0]);
  return above / below;
}

/** A page that follows the ledger and one that follows the consortium, open while blocks come and a node's health changes. */
export async function measureLive(browser: Browser, furnished: Furnished): Promise<LiveFigures> {
  const { url, token, world, addBlock } = furnished;
  let newest = 0;
  let height = 0;
  const number = (value: number): string => value.toLocaleString('en-GB');
  const pages: { name: string; path: string; shows: (page: Page) => Locator }[] = [
    { name: 'ledger', path: `/ledger/${busy.channel}`, shows: (page) => page.getByText(new RegExp(`^${number(newest)}$`)) },
    { name: 'overview', path: '', shows: (page) => page.getByText(new RegExp(`${busy.channel} ${number(height)}\\b`)) },
    { name: 'topology', path: '/topology', shows: (page) => page.getByRole('link', { name: new RegExp(`\\b${number(height)} blocks? behind`) }) },
  ];
  const visits = await Promise.all(
    pages.map(async ({ name, path, shows }) => {
      const visit = await visitSignedIn(browser, url, token);
      await visit.page.goto(`/consortia/${busy.name}${path}`);
      await visit.page.getByRole('heading', { level: 1 }).waitFor();
      return { name, shows, ...visit, heaps: [] as number[] };
    }),
  );
  const changeHealth = (): Promise<unknown> =>
    world.admin.mergePatch(node.type, { namespace: `gh-${busy.name}--core`, name: 'peer0' }, { status: { channels: [{ name: busy.channel, height, lag: height }] } }, { subresource: 'status' });
  const live = async (count: number): Promise<void> => {
    for (let update = 0; update < count; update += 1) {
      newest = addBlock(3);
      if (update % 10 === 0) {
        height += 1;
        await changeHealth();
      }
      await delay(everyMs);
    }
    // A page that follows no longer would not grow either.
    await Promise.all(visits.map(({ page, shows }) => shows(page).first().waitFor()));
  };
  // What a page keeps of the newest blocks is full by then.
  await live(updates / samples);
  for (let sample = 0; sample <= samples; sample += 1) {
    if (sample > 0) await live(updates / samples);
    for (const visit of visits) visit.heaps.push(await heapMegabytes(visit.devTools));
  }
  await Promise.all(visits.map(({ context }) => context.close()));
  return {
    growth: Object.fromEntries(visits.map(({ name, heaps }) => [name, slope(heaps) * samples])),
    heap: Object.fromEntries(visits.map(({ name, heaps }) => [name, heaps.at(-1) ?? 0])),
  };
}
