import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { until } from '../../e2e/support/until.ts';
import { wide } from './chromium.ts';
import { wordsOf, type Language, type Screen, type Shown } from './screens.ts';

/** Nothing of it is still being waited for, and no picture or letter is missing. */
export async function isComplete(page: Page, name: string): Promise<void> {
  const look = (): boolean => document.querySelector('h1') !== null && document.querySelector('[aria-busy="true"]') === null && document.fonts.status === 'loaded';
  await until(`${name} is complete`, () => page.evaluate(look));
}

/** Comes to a screen and does what it is a state of. Each begins without what the one before has left in the tab. */
export async function openScreen(page: Page, { name, path, act }: Screen, shown: Shown, language: Language): Promise<void> {
  await page.setViewportSize(wide);
  if (page.url() !== 'about:blank') await page.evaluate(() => sessionStorage.clear());
  await page.goto(path(shown) ?? assert.fail(`there is nothing that ${name} could show`));
  await isComplete(page, name);
  await act?.(page, wordsOf(language), shown);
  await isComplete(page, name);
}
