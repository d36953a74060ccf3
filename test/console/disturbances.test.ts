import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page, Route } from 'playwright-core';
import { smallConsortium } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue, type Submitted } from '../e2e/support/receivable.ts';
import { assertGoodLooks } from './support/looks.ts';
import { refuse } from './support/refuse.ts';
import { openScene, type Scene } from './support/scene.ts';

// A part of a page fails, or the way to Guildhall does: the rest is there, what was known stays, and it comes back by itself.
const name = 'harbour';
let scene: Scene;
let page: Page;
before(async () => {
  scene = await openScene(smallConsortium(name));
  ({ page } = scene);
  await agreeOnTerms(scene.guildhall.api, name);
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const panel = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
const lost = (): Locator => page.getByText(/Connection lost\. Last known at/);
let issued = 0;
const commit = (): Promise<Submitted> => issue(scene.guildhall.api, name, `note-${(issued += 1)}`);

const failures: [how: string, answer: (route: Route) => Promise<void>][] = [
  ['is answered with status 500', (route) => route.fulfill({ status: 500, contentType: 'text/html', body: '<h1>Internal Server Error</h1>' })],
  ['is not answered', (route) => route.abort()],
];

for (const [how, answer] of failures) {
  test(`one part of a page ${how}: the others are there, and it comes when it can be had`, async () => {
    scene.visitor.expectComplaints(/Failed to load resource: (the server responded with a status of 500|net::ERR_FAILED)/);
    const answerAgain = await refuse(page, 'ChannelActivity', answer);
    await page.goto(`/consortia/${name}`);
    const activity = panel('Transactions and blocks');
    await activity.getByRole('alert').getByText('Guildhall does not answer').first().waitFor();
    await activity.getByText('Trying again…').waitFor();
    await page.getByText('Everything is well: all 3 nodes are ready.').waitFor();
    for (const title of ['Members', 'Nodes', 'Channels', 'Contracts']) await panel(title).getByRole('row').nth(1).waitFor();
    await assertGoodLooks(page, 'a part that fails');
    await answerAgain();
    await activity.getByRole('alert').first().waitFor({ state: 'detached' });
    await activity.getByRole('img', { name: /trade/ }).waitFor();
  });
}

interface Shown {
  screen: string;
  path: string;
  /** What was known when the connection was lost. */
  known: () => Locator;
  /** What only who hears again can know of the transaction that was committed meanwhile. */
  news?: (committed: Submitted) => Locator;
}

const shown: Shown[] = [
  { screen: 'the ledger', path: 'ledger/trade', known: () => page.getByRole('row').nth(1), news: ({ blockNumber }) => page.getByRole('row').getByRole('link', { name: String(blockNumber), exact: true }) },
  { screen: 'the topology', path: 'topology', known: () => page.getByRole('link', { name: /^core\/peer0, peer, healthy/ }), news: ({ blockNumber }) => page.getByRole('link', { name: new RegExp(`^channel trade, height ${blockNumber + 1}\\b`) }) },
  { screen: 'a contract', path: 'contracts/of/receivable', known: () => page.getByRole('table', { name: 'How far each member is with receivable' }) },
  { screen: 'a node’s log', path: 'nodes/core/peer0', known: () => page.getByRole('list', { name: 'Lines of the log' }).getByRole('listitem').first(), news: ({ blockNumber }) => page.getByText(`Committed block [${blockNumber}]`) },
];

for (const { screen, path, known, news } of shown) {
  test(`the connection is lost at ${screen}: what was known stays and says so; then it goes on by itself`, async () => {
    scene.visitor.expectComplaints(/net::ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED)/);
    await page.goto(`/consortia/${name}/${path}`);
    await known().waitFor();
    assert.equal(await lost().count(), 0);
    await page.context().setOffline(true);
    await lost().first().waitFor();
    await known().waitFor();
    await assertGoodLooks(page, `${screen}, connection lost`);
    const committed = await commit();
    await page.context().setOffline(false);
    await lost().first().waitFor({ state: 'detached' });
    await news?.(committed).first().waitFor();
    await known().waitFor();
  });
}

test('Ctrl-C ends everything', () => scene.end());
