import type { Locator } from 'playwright-core';

/** Writes down every text that an element shows from now on, however briefly. */
export async function writeDown(element: Locator): Promise<() => Promise<string[]>> {
  const notes = await element.evaluateHandle((watched) => {
    const texts = [watched.textContent];
    new MutationObserver(() => texts.push(watched.textContent)).observe(watched, { subtree: true, childList: true, characterData: true });
    return texts;
  });
  return () => notes.jsonValue();
}
