import { keepTrying } from './keep-trying.ts';

/** Resolves when the page has nothing to do, as between asking for the first screen's data and showing it; after two seconds at the latest. */
const whenIdle = (): Promise<void> =>
  new Promise((resolve) => {
    // Not every browser has it.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 2000 });
    else setTimeout(resolve, 200);
  });

/**
 * Code that the first screen can do without. It never rejects: what cannot be had is asked for again, and is missing for so long; a page
 * without its menus is better than none.
 */
export async function loadLater<T>(load: () => Promise<T>): Promise<T> {
  await whenIdle();
  return keepTrying(load);
}
