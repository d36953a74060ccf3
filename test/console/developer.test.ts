import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { smallConsortium } from '../e2e/support/consortium.ts';
import { agreeToRegister, submit } from '../e2e/support/receivable.ts';
import { editorOf, type Editor } from './support/editor.ts';
import { assertGoodLooks } from './support/looks.ts';
import { refuse } from './support/refuse.ts';
import { openScene, type Scene } from './support/scene.ts';
import { choose } from './support/select.ts';

// A developer with one page, from a blank contract to its second version. The members' words are said in their names, as the console does.
const consortium = 'registry';
const { members, ...rest } = smallConsortium(consortium, { contract: false });
let scene: Scene;
let page: Page;
let main: Editor;
before(async () => {
  scene = await openScene({ ...rest, members: members.map((member) => ({ ...member, applicationRoles: ['admin', 'registrar'] })) });
  ({ page } = scene);
  main = editorOf(page, 'main.ts');
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const link = (name: string): Locator => page.getByRole('main').getByRole('link', { name, exact: true });
const panel = (name: string): Locator => page.getByRole('region', { name, exact: true });
const usable = (name: string): Locator => page.getByRole('main').getByRole('button', { name, exact: true, disabled: false });
const builds = (): Promise<void> => panel('Check').getByText('It builds', { exact: true }).waitFor();
/** What is wrong with the source, in the list beside it. */
const mistake = (words: string): Locator => panel('Check').getByRole('listitem').filter({ hasText: words });
const memberRow = (member: string): Locator => page.getByRole('table', { name: 'How far each member is with register' }).getByRole('row').filter({ hasText: member });
const step = (name: string): Locator => panel('Steps').getByRole('listitem').filter({ hasText: name });

async function openContract(): Promise<void> {
  await page.goto(`/consortia/${consortium}/contracts`);
  await link('register').click();
}

async function answerFor(member: string, answer: 'Approve' | 'Reject', words: string): Promise<void> {
  await memberRow(member).getByRole('button', { name: answer }).click();
  const dialog = page.getByRole('dialog', { name: `${answer} register in the name of ${member}` });
  await dialog.getByRole('textbox').fill(words);
  await dialog.getByRole('button', { name: answer, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('mistakes are said at their lines, in the text and beside it; from there a press leads to the place', async () => {
  await page.getByRole('link', { name: 'Contract templates' }).click();
  await link('Write a new contract').click();
  await builds();
  await main.change('title: text({', (line) => line.replace('200', "'200'"));
  await main.change('owner: caller.mspId', (line) => line.replace('caller.mspId', 'caller.mspId + Date.now() + Math.random()'));
  await panel('Check').getByText('3 errors keep it from being built').waitFor();
  await mistake("Type 'string' is not assignable to type 'number'").waitFor();
  await mistake('Math.random cannot be used: members would get different values').waitFor();
  await main.underlined('Date').hover();
  await page.locator('.cm-tooltip').getByText('members endorse at different times; take the time from the call').waitFor();
  await page.getByRole('button', { name: 'Deploy…', disabled: true }).waitFor();
  await assertGoodLooks(page, 'a source with mistakes');
  await (await main.find('import {')).click();
  await mistake('Date cannot be used').getByRole('button').click();
  await main.current('Date.now()').waitFor();
  assert.equal(await main.text.evaluate((text) => text === document.activeElement), true, 'one can mend it at once');
  await main.change('Date.now()', (line) => line.replace(' + Date.now() + Math.random()', ''));
  await main.change("maxLength: '200'", (line) => line.replace("'200'", '200'));
  await builds();
});

test('completion offers what contracts stand on, with what it is', async () => {
  await main.below('title: text({', 'note: opt');
  await page.keyboard.type('io');
  const offer = page.getByRole('option', { name: /^optional/ });
  await page.locator('.cm-completionInfo').getByText('OptionalSchema').waitFor();
  // Not by Enter: what has only just been offered is not taken by a key, which may have been meant for the text.
  await offer.click();
  await page.keyboard.insertText("(text({ title: 'Note', maxLength: 500 })),");
  await mistake('optional is not defined').waitFor();
  await main.change('import {', (line) => line.replace('object,', 'object, optional,'));
  await builds();
});

test('a second file, and a reload in the middle', async () => {
  await page.getByRole('button', { name: 'Add a file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a file' });
  await dialog.getByLabel('Path').fill('limits.ts');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const limits = editorOf(page, 'limits.ts');
  await limits.text.click();
  await page.keyboard.insertText('export const longestTitle = 120;');
  await page.getByRole('radiogroup', { name: 'Files' }).getByText('main.ts').click();
  await main.below('import {', "import { longestTitle } from './limits.ts';");
  await main.change('title: text({', (line) => line.replace('200', 'longestTitle'));
  await builds();
  await page.reload();
  await builds();
  await main.find('maxLength: longestTitle');
  await main.find('note: optional(');
  await page.getByRole('radiogroup', { name: 'Files' }).getByText('limits.ts').click();
  await limits.find('export const longestTitle = 120;');
});

test('what a source and its deployment come to is asked again while Guildhall does not answer; what only the API can refuse is said at its field', async () => {
  scene.visitor.expectComplaints(/net::ERR_FAILED/);
  const checkAgain = await refuse(page, 'CheckContract', (route) => route.abort());
  await editorOf(page, 'limits.ts').change('export const longestTitle', (line) => `${line} // characters`);
  await panel('Check').getByText('Guildhall does not answer').first().waitFor();
  await checkAgain();
  await builds();
  await usable('Deploy…').click();
  const planAgain = await refuse(page, 'DeployContract', (route) => route.abort());
  await page.getByLabel('Name', { exact: true }).fill('register');
  await panel('Plan').getByRole('alert').getByText('Guildhall does not answer').first().waitFor();
  await panel('Plan').getByText('There is no plan yet; it is being asked for again.').first().waitFor();
  await planAgain();
  await usable('Deploy').waitFor();
  await choose(page, 'A transaction needs', 'A rule of your own');
  await page.getByRole('textbox', { name: 'A rule of your own' }).fill("AND('NobodyMSP.peer')");
  const mistake = panel('What is deployed').getByRole('alert');
  await mistake.getByText(/^no set of the channel's peers .* can satisfy/).waitFor();
  await mistake.getByText('What to do: name members of the channel').waitFor();
  await panel('Plan').getByText('Mend what is marked above first.').first().waitFor();
  await assertGoodLooks(page, 'a deployment that was refused');
  await choose(page, 'A transaction needs', 'What the channel asks for');
  await usable('Deploy').waitFor();
  assert.equal(await mistake.count(), 0);
});

test('it is deployed when each member has agreed: one approves, the other rejects, says why, and approves in the end', async () => {
  await page.getByRole('radio', { name: /^Each member for itself/ }).check();
  await assertGoodLooks(page, 'a deployment');
  await usable('Deploy').click();
  await step('Each member’s consent').getByText('Waiting', { exact: true }).waitFor();
  const operation = page.url();
  await openContract();
  await memberRow('supplier').getByText('Not answered yet').waitFor();
  await answerFor('core', 'Approve', 'ours');
  await memberRow('core').getByText('Yes', { exact: true }).nth(3).waitFor();
  await answerFor('supplier', 'Reject', 'who may revoke?');
  await memberRow('supplier').getByText('Rejected', { exact: true }).waitFor();
  await memberRow('supplier').getByText('who may revoke?').waitFor();
  await assertGoodLooks(page, 'a contract that waits');
  await link('How it went').click();
  assert.equal(page.url(), operation);
  await page.getByRole('alert').getByText('supplier rejected it: "who may revoke?"').waitFor();
  await openContract();
  await answerFor('supplier', 'Approve', 'we have talked');
  await link('How it went').click();
  await usable('Retry').click();
  await panel('Now').getByText('Succeeded', { exact: true }).waitFor();
  await openContract();
  for (const member of ['core', 'supplier']) await memberRow(member).getByText('Yes', { exact: true }).nth(3).waitFor();
  await panel('Now').getByText('Ready', { exact: true }).waitFor();
  await assertGoodLooks(page, 'a contract');
});

test('it is called by a form made of what it says of itself: wrong arguments are said at their fields, by the console and by the contract', async () => {
  const { api } = scene.guildhall;
  await agreeToRegister(api, { consortium, contract: 'register' });
  const document = (digit: string) => ({ alg: 'SHA-256', digest: digit.repeat(64) });
  await submit(api, { consortium, contract: 'register', member: 'supplier', role: 'registrar', function: 'Register', args: { requestId: 'r1', id: 'theirs', title: 'Invoice', document: document('a') } });
  await link('Call').click();
  await choose(page, 'Operation', 'Register');
  await usable('Submit').click();
  const errors = (group: Locator): Locator => group.getByRole('alert');
  await errors(panel('The call')).filter({ hasText: 'This is needed.' }).first().waitFor();
  await page.getByLabel('Id', { exact: true }).fill('ours');
  await page.getByLabel('Title', { exact: true }).fill('Contract of sale');
  await choose(page, 'Algorithm', 'SHA-256');
  const digest = page.getByLabel('Digest in hexadecimal');
  await digest.fill('abc');
  await errors(panel('The call')).filter({ hasText: 'It has at least this many characters: 64.' }).waitFor();
  await page.getByRole('button', { name: 'Submit', exact: true, disabled: true }).waitFor();
  await digest.fill('a'.repeat(64));
  await usable('Submit').click();
  await panel('Answer').getByText('The contract refused').waitFor();
  await errors(page.getByRole('group', { name: 'Document' })).filter({ hasText: 'already belongs to theirs' }).waitFor();
  await assertGoodLooks(page, 'a call that was refused');
  await digest.fill('b'.repeat(64));
  await usable('Submit').click();
  await panel('Answer').getByText('"state": "VALID"').waitFor();
  await assertGoodLooks(page, 'a call that was answered');
});

test('its transaction is a press away, with what it read and wrote and who endorsed it', async () => {
  await link('Look at it').click();
  await page.getByText('The transaction is on the ledger and took effect.').waitFor();
  await panel('Call').getByText('Register', { exact: true }).waitFor();
  await panel('Call').getByText('Endorsed by 2 peers').waitFor();
  await panel('Arguments').getByText('"title": "Contract of sale"').waitFor();
  await panel('Reads').getByRole('row').filter({ hasText: 'asset/entry/ours' }).getByText('did not exist').waitFor();
  await panel('Writes').getByRole('link', { name: 'asset/entry/ours' }).click();
  await page.getByRole('heading', { name: 'asset/entry/ours' }).waitFor();
  await page.getByText('"title": "Contract of sale"').waitFor();
});

test('the ledger finds a transaction by its id, its block and a key that it wrote, and lists those of the contract alone', async () => {
  const { transactionId, blockNumber } = await submit(scene.guildhall.api, { consortium, contract: 'register', member: 'core', role: 'registrar', function: 'Register', args: { requestId: 'r2', id: 'lost', title: 'Lost and found', document: { alg: 'SHA-256', digest: 'c'.repeat(64) } } });
  const field = page.getByRole('search').getByRole('textbox', { name: 'Transaction id, block number or key' });
  const find = page.getByRole('search').getByRole('button', { name: 'Find' });
  await page.goto(`/consortia/${consortium}/ledger/trade`);
  await field.fill(` ${transactionId.toUpperCase()} `);
  await page.getByText('This is a transaction’s id.').waitFor();
  await field.press('Enter');
  await panel('Arguments').getByText('"title": "Lost and found"').waitFor();
  await field.fill(String(blockNumber));
  await page.getByText('This is a block’s number.').waitFor();
  await find.click();
  await page.getByRole('heading', { level: 1, name: `Block ${blockNumber}` }).waitFor();
  await page.getByRole('row').filter({ hasText: 'register · Register' }).waitFor();
  await field.fill('asset/entry/lost');
  await page.getByText('This is looked for as a key of the contract.').waitFor();
  await find.click();
  await page.getByLabel(`Value since block ${blockNumber}`).getByText('"title": "Lost and found"').waitFor();
  await page.getByRole('navigation', { name: 'Parts of the ledger' }).getByRole('link', { name: 'Transactions' }).click();
  const others = page.getByRole('row').filter({ hasText: 'Change of configuration' });
  await others.first().waitFor();
  await choose(page, 'All contracts', 'register');
  await others.first().waitFor({ state: 'detached' });
  const calls = page.getByRole('table', { name: 'Transactions' }).getByRole('row').filter({ has: page.getByRole('cell') });
  await page.reload();
  await calls.filter({ hasText: transactionId }).waitFor();
  for (const call of await calls.allInnerTexts()) assert.match(call, /^register · /, 'the address keeps what is filtered by');
});

test('its next version: the difference is shown, the data stay, and the new function is there', async () => {
  await openContract();
  await link('Edit its source').click();
  await main.change("version: '1.0.0'", (line) => line.replace('1.0.0', '1.1.0'));
  await main.change('import { createContract', (line) => line.replace('documentDigest,', 'documentDigest, getRecord, id,'));
  await main.change('operations: {', (line) =>
    line.replace(' },', ", Whose: define.read({ title: 'Whose', description: 'Who registered it.', args: { id: id('Id') }, run: async ({ ledger }, args) => (await getRecord(ledger, entry, args.id)).data.owner }) },"));
  await builds();
  await link('Upgrade register…').click();
  const changed = page.getByRole('textbox', { name: 'main.ts: changed' });
  await changed.getByRole('deletion').filter({ hasText: "version: '1.0.0'" }).waitFor();
  await changed.getByText("version: '1.1.0'").waitFor();
  await assertGoodLooks(page, 'an upgrade');
  await usable('Upgrade').click();
  await panel('Now').getByText('Succeeded', { exact: true }).waitFor();
  await openContract();
  const versions = page.getByRole('table', { name: 'Versions' }).getByRole('row');
  for (const [index, version] of ['1.1.0', '1.0.0'].entries()) await versions.nth(index + 1).getByText(version, { exact: true }).waitFor();
  await panel('Now').getByText('1.1.0', { exact: true }).nth(1).waitFor();
  await link('Call').click();
  await choose(page, 'Operation', 'Whose');
  await page.getByLabel('Id', { exact: true }).fill('ours');
  await usable('Ask').click();
  await panel('Answer').getByText('"CoreMSP"').waitFor();
});

test('Ctrl-C ends everything', () => scene.end());
