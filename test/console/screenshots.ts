import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { createApi, type Api } from '../e2e/support/api.ts';
import { createHome } from '../e2e/support/guildhall.ts';
import { until } from '../e2e/support/until.ts';
import { visit } from './support/browser.ts';
import { narrow, openBrowser, wide } from './support/chromium.ts';
import { darkOrLight, schemes } from './support/looks.ts';
import { startPrepared } from './support/prepared.ts';
import { emptyScreens, screens, wordsOf, type Screen, type Shown } from './support/screens.ts';

// Pictures of every screen, for looking at: in both languages and themes, wide and on a phone. Of a demo of its own, or with GUILDHALL_URL and
// GUILDHALL_HOME of the Guildhall that runs there; of all screens, or of those that are named after the folder.

const languages = ['en', 'zh'] as const;
const widths = { wide, narrow } as const;
const [given = 'screenshots', ...wanted] = process.argv.slice(2);
const folder = resolve(given);

interface Found {
  consortia: { edges: { node: ShownConsortium }[] };
  operations: { edges: { node: { id: string } }[] };
}
interface ShownConsortium {
  name: string;
  nodes: { member: string; name: string }[];
  channels: { name: string; transactions: { edges: { node: { id: string } }[] } }[];
  contracts: { name: string }[];
}

const nothing: Shown = { consortium: '', operation: '', member: '', node: '', channel: '', contract: '', transaction: '' };

async function shownBy(api: Api): Promise<Shown> {
  const { consortia, operations } = await api.request<Found>(`{
    consortia(first: 1) { edges { node { name nodes { member name } channels { name transactions(contract: "receivable", first: 1) { edges { node { id } } } } contracts { name } } } }
    operations(first: 1) { edges { node { id } } }
  }`);
  const consortium = consortia.edges[0]?.node;
  const [operation, node, channel, contract] = [operations.edges[0]?.node.id, consortium?.nodes[0], consortium?.channels[0], consortium?.contracts[0]?.name];
  const transaction = channel?.transactions.edges[0]?.node.id;
  if (!consortium || !operation || !node || !channel || !contract || !transaction) throw new Error('there is no consortium with a transaction to show: start the demo first');
  return { consortium: consortium.name, operation, member: node.member, node: node.name, channel: channel.name, contract, transaction };
}

/** Nothing of it is still being waited for, and no picture or letter is missing. */
const isComplete = (): boolean => document.querySelector('h1') !== null && document.querySelector('[aria-busy="true"]') === null && document.fonts.status === 'loaded';

/** Each begins without what the one before has left in the tab. */
async function take(page: Page, { name, path, act }: Screen, shown: Shown, language: string): Promise<void> {
  await page.setViewportSize(wide);
  if (page.url() !== 'about:blank') await page.evaluate(() => sessionStorage.clear());
  await page.goto(path(shown));
  await until(`${name} is complete`, () => page.evaluate(isComplete));
  await act?.(page, wordsOf(language), shown);
  for (const [width, viewport] of Object.entries(widths)) {
    await page.setViewportSize(viewport);
    for (const scheme of schemes) {
      await darkOrLight(page, scheme);
      await until(`${name} is complete`, () => page.evaluate(isComplete));
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${name}.${language}.${scheme}.${width}.png`), fullPage: true });
    }
  }
}

async function takeAll(browser: Browser, url: string, home: string, of: readonly Screen[], shown: Shown): Promise<void> {
  const token = readFileSync(join(home, 'admin-token'), 'utf8').trim();
  const chosen = of.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const language of languages) {
    const { page, leave } = await visit(browser, url, { locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
    for (const screen of chosen.filter(({ isPublic }) => isPublic)) await take(page, screen, shown, language);
    const session = await page.request.post('/session', { headers: { origin: url }, data: { token } });
    if (!session.ok()) throw new Error(`signing in was refused with status ${session.status()}`);
    for (const screen of chosen.filter(({ isPublic }) => !isPublic)) await take(page, screen, shown, language);
    await leave();
  }
}

mkdirSync(folder, { recursive: true });
await using browser = await openBrowser();
const { GUILDHALL_URL: url, GUILDHALL_HOME: running } = process.env;
if (url !== undefined && running !== undefined) {
  const token = readFileSync(join(running, 'admin-token'), 'utf8').trim();
  await takeAll(browser, url, running, screens, await shownBy(createApi(url, token)));
} else {
  await using home = await createHome();
  const empty = await startPrepared(home);
  await takeAll(browser, empty.url, home.path, emptyScreens, nothing);
  await empty.stop();
  const guildhall = await startPrepared(home, { args: ['--demo'] });
  await guildhall.says(/Demo consortium is ready/, 300_000);
  await takeAll(browser, guildhall.url, home.path, screens, await shownBy(guildhall.api));
  await guildhall.stop();
}
process.stdout.write(`The pictures are in ${folder}\n`);
