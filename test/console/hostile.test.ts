import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { begin, operation, smallConsortium, succeeded } from '../e2e/support/consortium.ts';
import { until } from '../e2e/support/until.ts';
import { hasRun, hostile, hostileSource, isForward } from './support/hostile.ts';
import { assertGoodLooks } from './support/looks.ts';
import { openScene, type Scene } from './support/scene.ts';
import { choose } from './support/select.ts';

// One member means no good, and chooses every text that it can choose so. They reach the console by the contract, by what the member says of
// it, and by the ledger; there they are text.
const name = 'market';
const { members, ...rest } = smallConsortium(name, { contract: false });
/** A display name has no marks of direction and 200 characters at most: the API refuses others. */
const displayName = `${hostile.slice(0, 65)} ${'W'.repeat(130)}`;
let scene: Scene;
let page: Page;
before(async () => {
  scene = await openScene({ ...rest, members: members.map((member) => ({ ...member, displayName })) });
  ({ page } = scene);
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const panel = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
const shows = (place: Locator): Promise<void> => place.getByText(hostile).filter({ visible: true }).first().waitFor();

async function isHarmless(screen: string): Promise<void> {
  assert.equal(await hasRun(page), false, `${screen}: a text has become more than text`);
  await assertGoodLooks(page, screen);
}

test('names of members', async () => {
  for (const path of ['', '/topology', '/channels/trade', '/applications', '/add-node']) {
    await page.goto(`/consortia/${name}${path}`);
    await page.getByText('<img src="x"').filter({ visible: true }).first().waitFor();
    await isHarmless(`the screen ${path}`);
  }
});

test('what a member says of a contract, and the operation that fails by it', async () => {
  const { api } = scene.guildhall;
  const id = await begin(api, 'deployContract', { consortium: name, channel: 'trade', name: 'trap', version: '1.0.0', consent: 'each', source: hostileSource });
  await until('the members are asked', async () => (await operation(api, id)).steps.find((step) => step.name === 'consent')?.state === 'waiting');
  const decide = (mutation: 'approve' | 'reject', member: string, words: Record<string, string>): Promise<unknown> =>
    api.request(`mutation($input: ${mutation === 'approve' ? 'ApproveInput' : 'RejectInput'}!) { ${mutation}(input: $input) { operation { id } } }`, { input: { consortium: name, contract: 'trap', member, ...words } });
  await decide('approve', 'core', { note: hostile });
  await decide('reject', 'supplier', { reason: hostile });
  await page.goto(`/operations/${id}`);
  // In quotation marks.
  await page.getByRole('alert').getByText(JSON.stringify(hostile)).first().waitFor();
  await isHarmless('an operation that failed');
  await decide('approve', 'supplier', { note: hostile });
  await api.request('mutation($id: ID!) { retryOperation(id: $id) { id } }', { id });
  await succeeded(api, id);
});

test('what a contract says of itself', async () => {
  await page.goto(`/consortia/${name}/contracts/of/trap`);
  await shows(page.getByRole('table', { name: 'How far each member is with trap' }));
  await shows(page.getByRole('table', { name: 'Operations' }));
  await page.getByText('As a table').click();
  await shows(page.getByRole('table', { name: 'States: ' }));
  await isHarmless('a contract');
  await page.goto(`/templates/source?consortium=${name}&contract=trap`);
  await page.getByText('It builds', { exact: true }).waitFor();
  await isHarmless('its source');
});

test('a form that it makes, the refusal and the answer that it gives', async () => {
  await page.goto(`/consortia/${name}/contracts/of/trap/call`);
  await choose(page, 'Operation', 'Refuse');
  await shows(panel('The call'));
  assert.ok(await isForward(panel('The call').getByText('(optional)')), 'what stands beside a hostile text keeps its direction');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await shows(panel('Answer').getByRole('alert'));
  await isHarmless('a call that was refused');
  await choose(page, 'Operation', 'Put');
  const fields = panel('The call').getByLabel(hostile, { exact: true });
  await fields.nth(0).fill(hostile);
  await fields.nth(1).fill(hostile);
  await page.getByLabel('Odd').fill('x');
  await isHarmless('a call');
  await page.getByRole('button', { name: 'Submit', exact: true, disabled: false }).click();
  await panel('Answer').getByText('VALID', { exact: true }).waitFor();
  await isHarmless('a call that was answered');
});

test('what is on the ledger: a transaction, its block, the list, the history of its key', async () => {
  await page.getByRole('link', { name: 'Look at it' }).click();
  for (const part of ['Arguments', 'Event', 'Writes']) await panel(part).getByText('<img src=').first().waitFor();
  await isHarmless('a transaction');
  await panel('Writes').getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: 'History of a key' }).waitFor();
  await page.getByLabel(/^Value since block/).filter({ hasText: hostile }).waitFor();
  await isHarmless('the history of a key');
  await page.goto(`/consortia/${name}/ledger/trade/transactions`);
  await page.getByRole('row').filter({ hasText: 'Put' }).waitFor();
  await isHarmless('transactions');
  await page.goto(`/consortia/${name}/ledger/trade`);
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: /^Block / }).waitFor();
  await isHarmless('a block');
});

test('Ctrl-C ends everything', () => scene.end());
