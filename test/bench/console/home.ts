import { EventEmitter, once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { median } from '../report.ts';
import type { Furnished } from './furnished.ts';
import { visitSignedIn } from './visit.ts';

/** The issue's: a processor four times as slow as this one. */
const slowdown = 4;
const visits = 10;
const patienceMs = 60_000;
/** What the page calls. */
const tell = 'guildhallBenchUsable';

/** Tells when all rows are painted and the page takes the next input. */
const watchForRows = (rows: number): string => `
  const watch = new MutationObserver(() => {
    if (document.querySelectorAll('main tbody tr').length < ${rows}) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => ${tell}(performance.now())));
  });
  watch.observe(document, { subtree: true, childList: true });`;

/** Milliseconds from the navigation on. The page tells it by itself: asking would keep it busy. */
async function usableAfterMs(page: Page, told: EventEmitter): Promise<number> {
  const [[milliseconds]] = await Promise.all([once(told, tell, { signal: AbortSignal.timeout(patienceMs) }), page.goto('/', { waitUntil: 'commit' })]);
  return Number(milliseconds);
}

const scriptBytes = (page: Page): Promise<number> =>
  page.evaluate<number>(`performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);

export interface HomeFigures {
  /** Compressed, as they came over the wire until the rows were there. */
  scriptBytes: number;
  firstVisitSeconds: number;
  nextVisitSeconds: number;
}

/** Medians of visits by browsers that have nothing in their caches, and of a second visit by each. */
export async function measureHome(browser: Browser, { url, token }: Furnished, consortia: number): Promise<HomeFigures> {
  const first: number[] = [];
  const next: number[] = [];
  let bytes = 0;
  for (let count = 0; count < visits; count += 1) {
    const { context, page, devTools } = await visitSignedIn(browser, url, token);
    await page.addInitScript(watchForRows(consortia));
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const told = new EventEmitter();
    await page.exposeFunction(tell, (milliseconds: number) => told.emit(tell, milliseconds));
    first.push(await usableAfterMs(page, told));
    bytes = Math.max(bytes, await scriptBytes(page));
    next.push(await usableAfterMs(page, told));
    await context.close();
  }
  return { scriptBytes: bytes, firstVisitSeconds: median(first) / 1000, nextVisitSeconds: median(next) / 1000 };
}
