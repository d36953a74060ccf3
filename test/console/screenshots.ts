import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createApi } from '../e2e/support/api.ts';
import { begin, succeeded } from '../e2e/support/consortium.ts';
import { createHome } from '../e2e/support/guildhall.ts';
import { visit } from './support/browser.ts';
import { narrow, openBrowser, wide } from './support/chromium.ts';
import { darkOrLight, schemes } from './support/looks.ts';
import { isComplete, openScreen } from './support/open-screen.ts';
import { startPrepared } from './support/prepared.ts';
import { emptyScreens, languages, localeOf, screens, type Language, type Screen, type Shown } from './support/screens.ts';
import { nothing, shownBy } from './support/shown.ts';
import { signInByToken, tokenOf } from './support/sign-in.ts';

// Pictures of every screen, for looking at: in both languages and themes, wide and on a phone. Of a demo of its own, or with GUILDHALL_URL and
// GUILDHALL_HOME of the Guildhall that runs there; of all screens, or of those that are named after the folder.

const widths = { wide, narrow } as const;
const [given = 'screenshots', ...wanted] = process.argv.slice(2);
const folder = resolve(given);

/** In both themes and widths. */
async function take(page: Page, screen: Screen, shown: Shown, language: Language): Promise<void> {
  await openScreen(page, screen, shown, language);
  for (const [width, viewport] of Object.entries(widths)) {
    await page.setViewportSize(viewport);
    for (const scheme of schemes) {
      await darkOrLight(page, scheme);
      await isComplete(page, screen.name);
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${screen.name}.${language}.${scheme}.${width}.png`), fullPage: true });
    }
  }
}

async function takeAll(browser: Browser, url: string, home: string, of: readonly Screen[], shown: Shown): Promise<void> {
  const chosen = of.filter((screen) => (wanted.length === 0 || wanted.includes(screen.name)) && screen.path(shown) !== undefined);
  for (const language of languages) {
    const { page, leave } = await visit(browser, url, { locale: localeOf[language] });
    for (const screen of chosen.filter(({ isPublic }) => isPublic)) await take(page, screen, shown, language);
    await signInByToken(page, url, home);
    for (const screen of chosen.filter(({ isPublic }) => !isPublic)) await take(page, screen, shown, language);
    await leave();
  }
}

mkdirSync(folder, { recursive: true });
await using browser = await openBrowser();
const { GUILDHALL_URL: url, GUILDHALL_HOME: running } = process.env;
if (url !== undefined && running !== undefined) {
  await takeAll(browser, url, running, screens, await shownBy(createApi(url, tokenOf(running))));
} else {
  await using home = await createHome();
  const empty = await startPrepared(home);
  await takeAll(browser, empty.url, home.path, emptyScreens, nothing);
  await empty.stop();
  const guildhall = await startPrepared(home, { args: ['--demo'] });
  await guildhall.says(/Demo consortium is ready/, 300_000);
  const demo = await shownBy(guildhall.api);
  await takeAll(browser, guildhall.url, home.path, screens, demo);
  // The demo is shown as it is; only what it has no peer for comes after one was added.
  await succeeded(guildhall.api, await begin(guildhall.api, 'addNode', { consortium: demo.consortium, member: demo.member, name: 'peer1', role: 'peer' }));
  await takeAll(browser, guildhall.url, home.path, screens.filter(({ path }) => path(demo) === undefined), await shownBy(guildhall.api));
  await guildhall.stop();
}
process.stdout.write(`The pictures are in ${folder}\n`);
