import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page, Route } from 'playwright-core';
import { smallConsortium } from '../e2e/support/consortium.ts';
import { filesOf } from './support/archive.ts';
import { downloaded } from './support/download.ts';
import { assertGoodLooks } from './support/looks.ts';
import { refuse } from './support/refuse.ts';
import { openScene, type Scene } from './support/scene.ts';
import { tokenOf } from './support/sign-in.ts';

// Who writes programs for a member: an identity for one, the API that they call, what it all runs on, and a deployment that is taken back.
const name = 'quay';
let scene: Scene;
let page: Page;
before(async () => {
  scene = await openScene(smallConsortium(name, { contract: false }));
  ({ page } = scene);
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const panel = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
const button = (text: string): Locator => page.getByRole('main').getByRole('button', { name: text, exact: true });
const go = (screen: string): Promise<void> => page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: screen, exact: true }).click();
const privateKey = /-----BEGIN (EC )?PRIVATE KEY-----/;

test('a program gets an identity: a mistake is said at its field, and the key is shown once', async () => {
  await page.goto(`/consortia/${name}`);
  await go('Applications');
  await button('Create an identity').click();
  await page.getByLabel('Name', { exact: true }).fill('ERP!');
  await page.getByRole('radio', { name: 'Guildhall makes the key' }).check();
  await page.getByText('The key is shown once, in this page, and kept nowhere.').waitFor();
  await button('Create').click();
  const field = page.getByLabel('Name', { exact: true });
  await page.locator('form').getByRole('alert').getByText(/^use lower-case letters/).waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await assertGoodLooks(page, 'an identity that was refused');
  await field.fill('erp');
  await page.getByRole('checkbox', { name: 'debtor' }).check();
  await button('Create').dblclick();
  const key = (await panel('The new identity').getByLabel('Private key (PEM)', { exact: true }).textContent()) ?? '';
  assert.match(key, privateKey);
  await assertGoodLooks(page, 'a key that is shown once');
  const whole = await downloaded(page, button('Download the MSP folder with the key'));
  assert.equal(whole.name, 'erp-msp.tar');
  assert.equal(filesOf(whole.bytes).get('msp/keystore/key.pem'), key);
  await panel('The new identity').getByRole('button', { name: 'Done', disabled: true }).waitFor();
  await page.getByRole('checkbox', { name: 'I have kept the key' }).check();
  await button('Done').click();
  const identity = page.getByRole('table', { name: 'Client identities' }).getByRole('row').filter({ hasText: 'erp' });
  await identity.getByText('debtor').waitFor();
  assert.equal(await identity.count(), 1, 'a double click makes one');
  const folder = await downloaded(page, identity.getByRole('button', { name: 'MSP folder of erp, without its key' }));
  assert.equal(folder.name, 'erp-msp.tar');
  assert.deepEqual([...filesOf(whole.bytes)].filter(([path]) => path !== 'msp/keystore/key.pem'), [...filesOf(folder.bytes)]);
  assert.doesNotMatch((await page.locator('html').innerHTML()) + folder.bytes.toString(), privateKey, 'the key is gone from the page, and in no second file');
});

test('a name that is taken is refused at its field, until there is another', async () => {
  await button('Create an identity').click();
  const field = page.getByLabel('Name', { exact: true });
  await field.fill('erp');
  await page.getByRole('radio', { name: 'Guildhall makes the key' }).check();
  await button('Create').click();
  const said = page.locator('form').getByRole('alert');
  await said.getByText('the member has a client identity "erp" already', { exact: true }).waitFor();
  await said.getByText('What to do: choose another name').waitFor();
  await field.fill('erp2');
  await said.waitFor({ state: 'detached' });
  await field.fill('erp');
  assert.equal(await said.count(), 0, 'nothing was sent for it');
  await button('Close').click();
});

test('the playground asks as a program does, with the token alone; the token is gone with the page', async () => {
  await go('API');
  await button('Run').and(page.locator('[aria-disabled="true"]')).waitFor();
  await page.getByLabel('Token', { exact: true }).fill(tokenOf(scene.home.path));
  await page.getByLabel('Variables (JSON)').fill('[5');
  await page.getByRole('alert').getByText('The variables are no JSON object').waitFor();
  await page.getByLabel('Variables (JSON)').fill('{"first": 1}');
  await button('Run').click();
  await page.getByLabel('Answer 1', { exact: true }).getByText(`"name": "${name}"`).waitFor();
  await assertGoodLooks(page, 'an answer in the playground');
  await page.reload();
  assert.equal(await page.getByLabel('Token', { exact: true }).inputValue(), '');
});

test('the schema is searched, and leads from a field to its type', async () => {
  const schema = panel('Schema');
  await schema.getByRole('textbox', { name: 'Search types and fields' }).fill('cancelOperation');
  await schema.getByRole('list', { name: 'Types' }).getByRole('button', { name: 'Mutation', exact: true }).click();
  await schema.getByText('cancelOperation', { exact: false }).first().waitFor();
  await schema.getByRole('button', { name: 'Operation!', exact: true }).click();
  await schema.getByRole('heading', { level: 3, name: 'Operation', exact: true }).waitFor();
  await schema.getByText('finishedAt').waitFor();
});

test('the settings say what it runs on, and keep language and theme', async () => {
  await go('Settings');
  const platform = panel('What Guildhall runs on');
  for (const fact of ['this one machine', scene.home.path]) await platform.getByText(fact, { exact: true }).waitFor();
  const preparation = page.getByRole('table', { name: 'Preparation' }).getByRole('row').filter({ has: page.getByRole('cell') });
  assert.equal(await preparation.filter({ hasText: 'Ready' }).count(), await preparation.count());
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: '中文' }).check();
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '设置' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.style.getPropertyValue('color-scheme')), 'dark');
  await page.getByRole('radio', { name: '跟随系统' }).check();
  await page.getByRole('radio', { name: 'English' }).check();
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
});

test('a deployment that waits for consent is cancelled, once, though the first answer is lost', async () => {
  scene.visitor.expectComplaints(/Failed to load resource: net::ERR_FAILED/);
  await page.goto(`/consortia/${name}/contracts/deploy?template=receivable&version=1.0.0`);
  await page.getByRole('radio', { name: /^Each member for itself/ }).check();
  await button('Deploy').and(page.locator(':not([aria-disabled])')).click();
  await panel('Steps').getByRole('listitem').filter({ hasText: 'Each member’s consent' }).getByText('Waiting', { exact: true }).waitFor();
  await button('Cancel and take back').click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this operation?' });
  const confirm = dialog.getByRole('button', { name: 'Cancel and take back' });
  await dialog.getByText('What is not committed on the ledger yet is taken back.').waitFor();
  const answerAgain = await refuse(page, 'CancelOperation', async (route: Route) => {
    await route.fetch();
    await route.abort();
  });
  await confirm.click();
  await dialog.getByRole('alert').getByText('Guildhall does not answer').first().waitFor();
  await panel('Now').getByText('Cancelled', { exact: true }).waitFor();
  await answerAgain();
  await confirm.click();
  await dialog.waitFor({ state: 'detached' });
  await go('Operations');
  await page.getByRole('row').filter({ hasText: 'Deploy contract' }).getByText('Cancelled', { exact: true }).waitFor();
  await page.goto(`/consortia/${name}/contracts`);
  await page.getByText('There are no contracts yet').waitFor();
});

test('Ctrl-C ends everything', () => scene.end());
