import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { until } from '../../e2e/support/until.ts';
import { narrow, wide } from './chromium.ts';

export const schemes = ['light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];

/** For a page whose theme follows the system. */
export async function darkOrLight(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  const isSo = (wanted: Scheme): boolean =>
    document.documentElement.style.getPropertyValue('color-scheme') === wanted && document.getAnimations().every(({ playState }) => playState !== 'running');
  await until(`the page is ${scheme}`, () => page.evaluate(isSo, scheme));
}

/** What axe asks of colours: nothing else differs between the themes. */
const ofColours = ['color-contrast', 'link-in-text-block'];

async function barriers(page: Page, scheme: Scheme): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const options: axe.RunOptions = { resultTypes: ['violations'], ...(scheme === 'light' ? {} : { runOnly: ofColours }) };
  const { violations } = await page.evaluate((options) => (window as unknown as { axe: typeof axe }).axe.run(document, options), options);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`));
}

/** What can be pressed within something else that can be pressed: axe finds this in buttons alone. */
const nested = (page: Page): Promise<string[]> => page.locator('a :is(a, button), button :is(a, button)').evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML.slice(0, 200)));

/** What makes a page wider than its window; nothing when it is not. */
const sticksOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth);
    return [`${scrollWidth} of ${clientWidth} pixels`, ...beyond.slice(0, 5).map(({ outerHTML }) => outerHTML.slice(0, 200))];
  });

/** What must hold of every screen: nothing keeps anybody from using it in either theme, and a phone shows its whole width. */
export async function assertGoodLooks(page: Page, screen: string): Promise<void> {
  for (const scheme of schemes) {
    await darkOrLight(page, scheme);
    assert.deepEqual(await barriers(page, scheme), [], `${screen}, ${scheme}`);
  }
  assert.deepEqual(await nested(page), [], screen);
  await darkOrLight(page, 'light');
  await assertFitsPhone(page, screen);
}

export async function assertFitsPhone(page: Page, screen: string): Promise<void> {
  await page.setViewportSize(narrow);
  await until(`${screen} is no wider than a phone`, async () => {
    const beyond = await sticksOut(page);
    if (beyond.length > 0) throw new Error(beyond.join('\n'));
    return true;
  }, 15_000);
  await page.setViewportSize(wide);
}
