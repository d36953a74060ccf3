import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page, Route } from 'playwright-core';
import { consortium, nodeOf, smallConsortium } from '../e2e/support/consortium.ts';
import { podProcesses } from '../e2e/support/processes.ts';
import { agreeOnTerms, issue } from '../e2e/support/receivable.ts';
import { until } from '../e2e/support/until.ts';
import { visiting } from './support/browser.ts';
import { downloaded } from './support/download.ts';
import { assertGoodLooks } from './support/looks.ts';
import { refuse } from './support/refuse.ts';
import { openScene, type Scene } from './support/scene.ts';
import { writeDown } from './support/seen.ts';
import { newLink, signIn } from './support/sign-in.ts';

// Who runs a member's nodes: a peer comes, is looked into, is restarted, and goes.
const name = 'growing';
let scene: Scene;
let page: Page;
before(async () => {
  scene = await openScene(smallConsortium(name));
  ({ page } = scene);
  await agreeOnTerms(scene.guildhall.api, name);
  await issue(scene.guildhall.api, name, 'first');
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const row = (node: string): Locator => page.getByRole('row').filter({ hasText: node });
const panel = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
const go = (screen: string): Promise<void> => page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: screen, exact: true }).click();
const open = async (action: string): Promise<Locator> => {
  await page.getByRole('button', { name: action, exact: true }).click();
  return page.getByRole('dialog', { name: `${action} core/peer1` });
};
const succeeded = (): Promise<void> => panel('Now').getByText('Succeeded', { exact: true }).waitFor();

test('a peer is added: what will happen is said first, then it starts, catches up and is healthy', async () => {
  await page.goto(`/consortia/${name}/nodes`);
  await page.getByRole('button', { name: 'Add a peer' }).click();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'peer1', 'the next name that is free');
  await page.getByLabel('Name', { exact: true }).fill('Peer One');
  await page.getByRole('alert').getByText('Use lower-case letters').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('peer1');
  await page.getByLabel('Processors', { exact: true }).fill('many');
  await page.getByRole('alert').getByText('processors, such as 500m (half of one) or 2', { exact: true }).waitFor();
  await page.getByRole('alert').getByText('What to do: correct the value').waitFor();
  await page.getByLabel('Processors', { exact: true }).fill('');
  await panel('What will happen').getByText(/It joins channel trade and copies \d+ blocks; core then has 2 peers there/).waitFor();
  await assertGoodLooks(page, 'adding a peer');
  await visiting(scene.browser, scene.guildhall.url, async (onlooker) => {
    await signIn(onlooker.page, await newLink(scene.home.path));
    await onlooker.page.goto(`/consortia/${name}/nodes`);
    const rowOf = (node: string): Locator => onlooker.page.getByRole('row').filter({ hasText: node });
    await rowOf('core/peer0').waitFor();
    const seen = await writeDown(onlooker.page.getByRole('main'));
    await page.getByRole('button', { name: 'Add a peer', disabled: false }).dblclick();
    await succeeded();
    await rowOf('core/peer1').getByText('Healthy').waitFor();
    const heightOf = (node: string): Promise<string | null> => rowOf(node).getByRole('cell').nth(3).textContent();
    await until('it has all blocks', async () => (await heightOf('core/peer1')) === (await heightOf('core/peer0')));
    assert.ok((await seen()).some((text) => /core\/peer1(?!Healthy)/.test(text)), 'before that it was shown on its way');
  });
  await go('Operations');
  await row('Add a peer').getByText('Succeeded').waitFor();
  assert.equal(await row('Add a peer').count(), 1, 'a double click adds one');
});

test('the topology shows it too, as a picture that can be kept and as a table', async () => {
  await page.goto(`/consortia/${name}/topology`);
  await page.getByRole('link', { name: /^core\/peer1, peer, healthy/ }).waitFor();
  const svg = await downloaded(page, page.getByRole('button', { name: 'SVG' }));
  assert.equal(svg.name, `${name}.svg`);
  assert.match(svg.bytes.toString(), /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<svg [^]*>peer1<[^]*<\/svg>$/);
  const png = await downloaded(page, page.getByRole('button', { name: 'PNG' }));
  assert.equal(png.name, `${name}.png`);
  assert.deepEqual([...png.bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  await page.getByText('Table', { exact: true }).click();
  const nodes = page.getByRole('table', { name: 'Nodes', exact: true }).getByRole('row').filter({ hasText: 'core/peer1' });
  await nodes.getByText('up to date').waitFor();
  const there = page.getByRole('table', { name: 'In the channels' }).getByRole('row').filter({ hasText: 'peer1' });
  await there.getByText(/^height \d+$/).waitFor();
  await assertGoodLooks(page, 'topology as a table');
  await nodes.getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'core/peer1' }).waitFor();
});

test('its log is followed, held and searched', async () => {
  const lines = page.getByRole('list', { name: 'Lines of the log' });
  await lines.getByText(/Committed block \[\d+\]/i).first().waitFor();
  const { blockNumber } = await issue(scene.guildhall.api, name, 'while-looking');
  const committed = lines.getByText(`Committed block [${blockNumber}]`);
  await committed.waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  const { blockNumber: next } = await issue(scene.guildhall.api, name, 'while-paused');
  await page.getByText(/^Paused; [1-9]\d* new lines? since\.$/).waitFor();
  assert.equal(await lines.getByText(`Committed block [${next}]`).count(), 0, 'what is held does not move');
  await page.getByRole('button', { name: 'Follow' }).click();
  await lines.getByText(`Committed block [${next}]`).waitFor();
  await page.getByLabel('Search the log').fill('committed block');
  await panel('Log').getByText(/^\d+ lines$/).waitFor();
  for (const line of await lines.getByRole('listitem').allTextContents()) assert.match(line, /committed block/i);
  await page.getByLabel('Search the log').fill('nothing says this');
  await page.getByText('No line contains it').waitFor();
  await assertGoodLooks(page, 'a node');
});

test('it is restarted after what that means was shown, and runs again', async () => {
  const { endpoint } = nodeOf(await consortium(scene.guildhall.api, name), 'core', 'peer1');
  const processes = (): number[] => (podProcesses(scene.home.path).get(endpoint?.split(':')[0] ?? '') ?? []).map(({ pid }) => pid);
  const [before] = processes();
  const dialog = await open('Restart');
  await dialog.getByText('Channel trade: peer0 of core endorses and reads meanwhile').waitFor();
  await assertGoodLooks(page, 'restarting a peer');
  await dialog.getByRole('button', { name: 'Restart', exact: true, disabled: false }).dblclick();
  await page.getByRole('heading', { level: 1, name: `Restart a node: ${name}` }).waitFor();
  await succeeded();
  const [after, ...others] = processes();
  assert.deepEqual([after === undefined, after === before, others.length], [false, false, 0], 'another process runs in its place');
  await page.goto(`/consortia/${name}/nodes`);
  await row('core/peer1').getByText('Healthy').waitFor();
  await row('core/peer1').getByRole('link').click();
  await panel('Now').getByText('Restart last asked for').waitFor();
});

const unanswered = /net::ERR_FAILED/;

const plans: [action: string, document: string, again: string, plan: string, leave: string][] = [
  ['Restart', 'RestartNode', 'There is no plan yet; it is being asked for again.', 'Channel trade: peer0 of core endorses and reads meanwhile', 'Leave it running'],
  ['Remove', 'RemoveNode', 'It is not known yet what will be lost: it is being asked again.', 'Its volume and keys stay', 'Keep it'],
];
for (const [action, document, again, plan, leave] of plans) {
  test(`${action}: what will happen is asked again while Guildhall does not answer, and comes by itself`, async () => {
    scene.visitor.expectComplaints(unanswered);
    const answerAgain = await refuse(page, document, (route) => route.abort());
    const dialog = await open(action);
    await dialog.getByRole('alert').getByText('Guildhall does not answer').first().waitFor();
    await dialog.getByText(again).first().waitFor();
    await answerAgain();
    await dialog.getByText(plan).waitFor();
    assert.equal(await dialog.getByRole('alert').count(), 0);
    await dialog.getByRole('button', { name: leave }).click();
    await dialog.waitFor({ state: 'detached' });
  });
}

test('a change is asked about again while Guildhall does not answer; its refusal goes with what was refused', async () => {
  scene.visitor.expectComplaints(unanswered);
  const dialog = await open('Change');
  const memory = dialog.getByRole('textbox', { name: 'Memory' });
  const answerAgain = await refuse(page, 'ChangeNode', (route) => route.abort());
  await memory.fill('1Gi');
  await dialog.getByRole('alert').getByText('Guildhall does not answer').first().waitFor();
  await dialog.getByRole('button', { name: 'Change', exact: true, disabled: true }).focus();
  await page.getByRole('tooltip').getByText('There is no plan yet; it is being asked for again.').waitFor();
  await answerAgain();
  const gets = (amount: string): Promise<void> => dialog.getByText(`core/peer1 gets ${amount} of memory instead of as much as there is`).waitFor();
  await gets('1Gi');

  const busy = { message: 'growing is being changed', extensions: { code: 'BUSY', nextAction: 'wait until that is done' } };
  const isDryRun = (route: Route): boolean => (route.request().postDataJSON() as { variables: { dryRun?: boolean } }).variables.dryRun === true;
  const begin = await refuse(page, 'ChangeNode', (route) => (isDryRun(route) ? route.continue() : route.fulfill({ json: { errors: [busy] } })));
  const refusal = dialog.getByText('Another operation is under way');
  await memory.press('Enter');
  await refusal.waitFor();
  for (const amount of ['2Gi', '1Gi']) {
    await memory.fill(amount);
    await gets(amount);
    assert.equal(await refusal.count(), 0, `nothing was sent for ${amount}`);
  }
  await begin();
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('it gets more memory, after what that means was shown; a smaller volume is refused at its field', async () => {
  const dialog = await open('Change');
  await dialog.getByRole('textbox', { name: 'Volume' }).fill('1Gi');
  await dialog.getByText('a volume can only grow, and that of core/peer1 has 10Gi', { exact: true }).waitFor();
  await dialog.getByText('What to do: name a larger size').waitFor();
  await assertGoodLooks(page, 'a refusal at a field');
  await dialog.getByRole('textbox', { name: 'Volume' }).fill('10Gi');
  await dialog.getByRole('textbox', { name: 'Memory' }).fill('1Gi');
  await dialog.getByText('core/peer1 gets 1Gi of memory instead of as much as there is').waitFor();
  await assertGoodLooks(page, 'changing a peer');
  await dialog.getByRole('button', { name: 'Change', exact: true, disabled: false }).dblclick();
  await page.getByRole('heading', { level: 1, name: `Change a node: ${name}` }).waitFor();
  await succeeded();
  await page.goto(`/consortia/${name}/nodes/core/peer1`);
  await panel('Now').getByText('1Gi', { exact: true }).waitFor();
});

test('a limit that is set cannot be taken away here, which is said at its field', async () => {
  const dialog = await open('Change');
  await dialog.getByRole('textbox', { name: 'Memory' }).fill('');
  await dialog.getByText('It keeps 1Gi: a limit that is set cannot be taken away here').waitFor();
  await dialog.getByRole('button', { name: 'Change', exact: true, disabled: true }).waitFor();
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  await dialog.waitFor({ state: 'detached' });
});

test('it is removed by its name, after what that means was shown; then nothing shows it', async () => {
  const dialog = await open('Remove');
  const confirm = dialog.getByRole('button', { name: 'Remove', exact: true });
  await dialog.getByText('Its volume and keys stay').waitFor();
  await dialog.getByText(/while peer0 is down, core can neither endorse nor read there/).waitFor();
  await confirm.click({ force: true });
  await dialog.getByText('Type peer1 first').first().waitFor();
  await assertGoodLooks(page, 'removing a peer');
  await dialog.getByRole('textbox').fill('peer1');
  await confirm.dblclick();
  await page.getByRole('heading', { level: 1, name: `Remove a peer: ${name}` }).waitFor();
  await succeeded();
  await page.goto(`/consortia/${name}/nodes`);
  await row('core/peer0').getByText('Healthy').waitFor();
  await row('core/peer1').waitFor({ state: 'detached' });
  await page.goto(`/consortia/${name}/topology`);
  await page.getByRole('link', { name: /^core\/peer0, peer, healthy/ }).waitFor();
  assert.equal(await page.getByRole('link', { name: /core\/peer1/ }).count(), 0);
  await page.goto(`/consortia/${name}/nodes/core/peer1`);
  await page.getByText('There is no such node').waitFor();
});

test('what cannot go says why', async () => {
  await page.goto(`/consortia/${name}/nodes/core/orderer0`);
  const remove = page.getByRole('button', { name: 'Remove', exact: true, disabled: true });
  await remove.focus();
  await page.getByRole('tooltip').getByText('Orderers cannot be removed yet').waitFor();
});

test('Ctrl-C ends everything', () => scene.end());
