import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { consortium, nodeOf } from '../e2e/support/consortium.ts';
import { createHome, type Guildhall, type Home } from '../e2e/support/guildhall.ts';
import { killHard, podProcesses } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { visit, visiting, type Visitor } from './support/browser.ts';
import { openBrowser } from './support/chromium.ts';
import { namesOf, untranslated } from './support/chinese.ts';
import { assertGoodLooks } from './support/looks.ts';
import { startPrepared } from './support/prepared.ts';
import { refuse } from './support/refuse.ts';
import { writeDown } from './support/seen.ts';
import { choose } from './support/select.ts';
import { newLink, printedLink, signIn } from './support/sign-in.ts';

// One admin with one page, from an empty home to the deletion of what he created.
const name = 'harbour';
const members = ['core', 'supplier', 'bank'];
let home: Home;
let guildhall: Guildhall;
let browser: Browser;
let visitor: Visitor;
let page: Page;
before(async () => {
  home = await createHome();
  [guildhall, browser] = await Promise.all([startPrepared(home), openBrowser()]);
  visitor = await visit(browser, guildhall.url);
  ({ page } = visitor);
  await signIn(page, (await printedLink(guildhall)).url);
});
afterEach(() => visitor.assertCalm());
after(async () => {
  await browser?.close();
  await home[Symbol.asyncDispose]();
});

const button = (text: string): Locator => page.getByRole('button', { name: text, exact: true });
const link = (text: string): Locator => page.getByRole('main').getByRole('link', { name: text, exact: true });
const row = (text: string): Locator => page.getByRole('row').filter({ hasText: text });
const allWell = (): Locator => page.getByText('Everything is well: all 6 nodes are ready.');
const operationsOf = async (): Promise<string[]> => {
  const { operations } = await guildhall.api.request<{ operations: { edges: { node: { kind: string } }[] } }>('{ operations(first: 10) { edges { node { kind } } } }');
  return operations.edges.map(({ node }) => node.kind);
};

test('the full path: six screens with every choice; what only the API can refuse is said at its field, and the plan says each policy in words', async () => {
  const next = async (screen: string): Promise<void> => {
    await button('Next').click();
    await page.getByRole('group', { name: screen, exact: true }).waitFor();
  };
  await page.goto('/create');
  await page.getByText('Full: six screens').click();
  await page.getByLabel('Name', { exact: true }).fill('quay');
  await page.getByRole('radio', { name: 'Production' }).check();
  await next('Members');
  await button('Remove Member 3').click();
  for (const [index, member] of ['core', 'bank'].entries()) await page.getByLabel('Short name').nth(index).fill(member);
  await page.getByLabel('Name for people').nth(1).fill('Harbour Bank');
  await next('Ordering');
  for (const member of ['core', 'bank']) await page.getByLabel(`Orderers of ${member}`).fill('0');
  await button('Next').click();
  await page.getByRole('alert').getByText('Nobody would order the transactions').waitFor();
  await page.getByLabel('Orderers of core').fill('1');
  await next('Channels');
  await choose(page, 'Transactions need', 'A rule of your own');
  const rule = page.getByRole('textbox', { name: 'A rule of your own' });
  await rule.fill("AND('CoreMSP.peer', 'NobodyMSP.peer')");
  await choose(page, 'New contracts need', 'All members');
  await next('Contracts');
  await page.getByRole('button', { name: 'Add: Receivable' }).click();
  await page.getByLabel('Name', { exact: true }).fill('invoices');
  await next('Plan');
  await button('Go to: Channels').click();
  const mistake = page.getByRole('group', { name: 'Channels', exact: true }).getByRole('alert');
  await mistake.getByText(/^no set of the channel's peers .* can satisfy/).waitFor();
  await mistake.getByText('What to do: name members of the channel').waitFor();
  await assertGoodLooks(page, 'channels with a mistake');
  await rule.fill("AND('CoreMSP.peer', 'BankMSP.peer')");
  await next('Contracts');
  await next('Plan');
  for (const sentence of [
    'Channel main: a transaction needs all of: CoreMSP peer, BankMSP peer.',
    'Channel main: deploying or upgrading a contract needs every member (by its own "Endorsement" policy).',
    'Contract invoices on main, installed and approved by every member of the channel.',
  ]) await page.getByText(sentence).waitFor();
  assert.deepEqual(await operationsOf(), [], 'a plan changes nothing');
  await button('Start anew').click();
});

test('the express path: mistakes are said at their field, the plan says what comes into being', async () => {
  await page.goto('/');
  await page.getByRole('main').getByRole('button', { name: 'Create a consortium' }).first().click();
  await page.getByRole('heading', { name: 'Name and purpose' }).waitFor();
  const field = page.getByLabel('Name', { exact: true });
  await field.fill('Not A Name');
  await button('Next').click();
  await page.getByRole('alert').getByText('Use lower-case letters, digits and single hyphens').waitFor();
  await field.fill(name);
  await page.getByText('This name is free.').waitFor();
  await page.getByRole('radio', { name: /receivable/i }).check();
  await assertGoodLooks(page, 'name and purpose');
  await button('Next').click();
  for (const [index, member] of members.entries()) await page.getByLabel('Short name').nth(index).fill(member);
  await page.getByText('3 Raft orderers survive the loss of 1.').waitFor();
  await assertGoodLooks(page, 'members');
  await page.reload();
  assert.equal(await page.getByLabel('Short name').nth(2).inputValue(), 'bank', 'a reload keeps what was typed');
  await button('Next').click();
  await page.getByRole('heading', { name: 'Plan' }).waitFor();
  await page.getByText('Memory, after a while').waitFor();
  assert.deepEqual(await operationsOf(), [], 'a plan changes nothing');
  await assertGoodLooks(page, 'plan');
});

test('what would come into being is asked again while Guildhall does not answer, and comes by itself; a refusal leaves the plan', async () => {
  visitor.expectComplaints(/net::ERR_FAILED/);
  const answerAgain = await refuse(page, 'CreateConsortium', (route) => route.abort());
  await page.reload();
  const said = page.getByRole('region', { name: 'Plan', exact: true }).getByRole('alert');
  await said.getByText('Guildhall does not answer').first().waitFor();
  await page.getByText('There is no plan yet; it is being asked for again.').first().waitFor();
  await answerAgain();
  await page.getByText('Memory, after a while').waitFor();
  assert.equal(await said.count(), 0);
  const busy = { message: 'harbour is being made', extensions: { code: 'BUSY', nextAction: 'wait until that is done' } };
  const begin = await refuse(page, 'CreateConsortium', (route) => route.fulfill({ json: { errors: [busy] } }));
  await button('Create').click();
  await said.getByText('What to do: wait until that is done').waitFor();
  await page.getByText('Memory, after a while').waitFor();
  await begin();
});

test('a double click creates one consortium; its steps are live, over a reload in the middle of them', async () => {
  await button('Create').dblclick();
  await page.waitForURL(/\/operations\/[^/]+$/);
  const step = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Start peers and orderers' });
  await step.getByText(/^(Running|Waiting)$/).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: `Create consortium: ${name}` }).waitFor();
  await step.getByText('Succeeded', { exact: true }).waitFor();
  const whole = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Look at the whole' });
  await whole.getByText('Succeeded', { exact: true }).waitFor();
  assert.deepEqual(await operationsOf(), ['createConsortium']);
  await assertGoodLooks(page, 'an operation');
  await page.goto('/create');
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '', 'the draft is used up');
});

test('it is in the list and Ready, with its nodes, channel and contract', async () => {
  await page.goto('/');
  await row(name).getByText('Everything is well: all 6 nodes are ready.').waitFor();
  await assertGoodLooks(page, 'the list');
  await link(name).click();
  await allWell().waitFor();
  for (const member of members) {
    await row(`${member}/peer0`).getByText('Healthy').waitFor();
    await row(`${member}/orderer0`).getByText('Healthy').waitFor();
  }
  assert.equal(await page.getByText('leader', { exact: false }).count() > 0, true);
  await assertGoodLooks(page, 'overview');
});

test('a name that is taken stops at its field and another is offered; roles of a contract that no member has are said', async () => {
  await page.goto('/create');
  const field = page.getByLabel('Name', { exact: true });
  await field.fill(name);
  await page.getByRole('alert').filter({ hasText: new RegExp(`^${name} is taken\\.$`) }).waitFor();
  await button('Next').click();
  await until('the field has the focus', () => field.evaluate((element) => element === document.activeElement));
  await button(`Use ${name}-2`).click();
  await page.getByText('This name is free.').waitFor();
  await page.getByRole('radio', { name: /receivable/i }).check();
  await button('Next').click();
  await page.getByText(/^No member acts as regulator, debtor, supplier or funder/).waitFor();
  await button('Start anew').click();
});

test('an address of what does not exist has a way back', async () => {
  await page.goto('/consortia/nowhere');
  await page.getByText('There is no such consortium').waitFor();
  await page.goto(`/consortia/${name}/contracts/of/nothing`);
  await page.getByText('There is no contract nothing here').waitFor();
  assert.equal(await button('Upgrade').count(), 0, 'nothing is offered for what is not there');
  await link('Go to the contracts').click();
  await link('receivable').waitFor();
});

test('Chinese, and a theme: on its screens, each loaded anew, also what the server says: plans, steps, conditions, policies, what a deletion loses', () =>
  visiting(browser, guildhall.url, async ({ page }) => {
    const names = namesOf(name, members, 'main');
    const { operations } = await guildhall.api.request<{ operations: { edges: { node: { id: string } }[] } }>('{ operations(first: 1) { edges { node { id } } } }');
    const screens: [path: string, shows: string][] = [
      ['/', '一切正常：6 个节点全部就绪。'],
      [`/consortia/${name}`, '一切正常：6 个节点全部就绪。'],
      ['/operations', '创建联盟'],
      [`/operations/${operations.edges[0]?.node.id}`, '节点就绪 6/6'],
      [`/consortia/${name}/nodes/core/peer0`, '节点正在运行，自检正常。'],
      [`/consortia/${name}/channels/main`, '半数以上成员（依其自身的“Endorsement”策略）'],
      [`/consortia/${name}/add-node`, 'Guildhall 以 bank 的名义表示同意'],
      ['/create', '名称'],
      ['/nowhere', '没有这个页面'],
    ];
    await signIn(page, await newLink(home.path));
    await page.getByRole('button', { name: 'Language: English' }).click();
    await page.getByRole('menuitem', { name: '中文' }).click();
    await page.getByRole('button', { name: '主题：跟随系统' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await page.getByRole('button', { name: '主题：深色' }).waitFor();
    for (const [path, shows] of screens) {
      await page.goto(path);
      await page.getByRole('main').getByText(shows).first().waitFor();
      assert.deepEqual(await untranslated(page, names, 'ol[aria-label="日志"]'), [], path);
      assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.style.getPropertyValue('color-scheme')]), ['zh-CN', 'dark'], path);
    }
    await page.goto(`/consortia/${name}`);
    await page.getByRole('button', { name: '删除', exact: true }).click();
    await page.getByRole('dialog').getByText('数据卷和密钥会保留并占用名称').waitFor();
    assert.deepEqual(await untranslated(page, names), [], 'deleting');
  }));

test('a peer is killed: the page shows it down, and up again', async () => {
  await page.goto(`/consortia/${name}`);
  await allWell().waitFor();
  const supplier = row('supplier/peer0');
  const [rowSays, pageSays] = await Promise.all([writeDown(supplier), writeDown(page.getByRole('main'))]);
  const { endpoint } = nodeOf(await consortium(guildhall.api, name), 'supplier', 'peer0');
  // The first time it is started again at once, which may be over before anybody has been told: it is killed until it has to wait.
  let kills = 0;
  const kill = async (): Promise<void> => {
    const running = podProcesses(home.path).get(endpoint?.split(':')[0] ?? '') ?? [];
    kills += running.length;
    await Promise.all(running.map(killHard));
  };
  await kill();
  assert.equal(kills, 1, `one process runs at ${endpoint}`);
  await until('the row and the page show it down', async () => {
    await kill();
    const [ofRow, ofPage] = await Promise.all([rowSays(), pageSays()]);
    return ofRow.some((text) => /Ended|Unreachable|Starting/.test(text)) && ofPage.some((text) => text.includes('1 of 6 nodes is not working'));
  }, 90_000, 500);
  await allWell().waitFor();
  await supplier.getByText('Healthy').waitFor();
  await supplier.getByRole('cell', { name: String(kills), exact: true }).waitFor();
});

test('Guildhall ends under an open page and comes back: that is said, and over by itself; the session is still good', async () => {
  visitor.expectComplaints(/Failed to load resource: (net::ERR_|the server responded with a status of 503)/);
  await guildhall.killHard();
  await page.getByText(/Connection lost\. Last known at/).first().waitFor();
  assert.equal(await row('core/peer0').count(), 1, 'what was known last is still shown');
  await assertGoodLooks(page, 'connection lost');
  guildhall = await startPrepared(home);
  await page.getByText(/Connection lost/).first().waitFor({ state: 'detached' });
  await allWell().waitFor();
});

test('deleting takes the name, and shows what will be lost before', async () => {
  await page.goto(`/consortia/${name}`);
  await button('Delete').click();
  const dialog = page.getByRole('dialog', { name: `Delete the consortium ${name}` });
  const confirm = dialog.getByRole('button', { name: 'Delete', exact: true });
  await dialog.getByRole('checkbox').check();
  await until('what will be lost is said', async () => (await dialog.getByRole('list').first().innerText()).includes('ledger'));
  // It says why it cannot be used, and so can be reached and pressed: it is not disabled for the browser.
  await confirm.click({ force: true });
  await dialog.getByText(`Type ${name} first`).first().waitFor();
  assert.deepEqual(await operationsOf(), ['createConsortium'], 'nothing is deleted without the name');
  await assertGoodLooks(page, 'deleting');
  await dialog.getByRole('textbox').fill(name);
  await confirm.dblclick();
  await page.getByRole('heading', { level: 1, name: `Delete consortium: ${name}` }).waitFor();
  await page.getByRole('main').getByRole('listitem').filter({ hasText: 'Keep or delete volumes' }).getByText('Succeeded').waitFor();
  assert.deepEqual(await operationsOf(), ['deleteConsortium', 'createConsortium']);
  await page.getByRole('link', { name: 'Guildhall' }).click();
  await page.getByText('There is no consortium yet').waitFor();
});

test('Ctrl-C ends everything', () => guildhall.stop());
