import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { until } from '../e2e/support/until.ts';
import { keyboardOf, type Keyboard } from './support/keyboard.ts';
import { openScene, type Scene } from './support/scene.ts';
import { tokenOf } from './support/sign-in.ts';

// A person who has no pointer: Tab, Enter, arrows and Escape alone, from signing in to a consortium and back out of a dialog.
const name = 'harbour';
let scene: Scene;
let page: Page;
let keys: Keyboard;
before(async () => {
  scene = await openScene();
  ({ page } = scene);
  keys = keyboardOf(page);
});
afterEach(() => scene.visitor.assertCalm());
after(() => scene?.[Symbol.asyncDispose]());

const button = (text: string): Locator => page.getByRole('button', { name: text, exact: true });
const navigation = (text: string): Locator => page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: text, exact: true });
const title = (text: string): Promise<void> => page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();

test('signing in, past the navigation, to a consortium', async () => {
  scene.visitor.expectComplaints(/responded with a status of 401/);
  await page.context().clearCookies();
  await page.goto('/');
  await keys.isAt(page.getByLabel('Administrator’s token'));
  await keys.type(tokenOf(scene.home.path));
  await keys.press('Enter');
  await title('Consortia');
  await page.getByRole('main').getByRole('link', { name }).waitFor();
  await keys.to(page.getByRole('link', { name: 'Skip to the content' }));
  await keys.press('Enter');
  await keys.isAt(page.getByRole('main'));
  await keys.to(page.getByRole('main').getByRole('link', { name }));
  await keys.press('Enter');
  await title(name);
  await keys.isAt(page.getByRole('main'));
  await page.getByText('Everything is well').waitFor();
});

test('the first screen of creating: fields, a choice, and a mistake that is said', async () => {
  await keys.to(navigation('Create a consortium'));
  await keys.press('Enter');
  await title('Create a consortium');
  const field = page.getByLabel('Name', { exact: true });
  await keys.to(field);
  await keys.type('Not A Name');
  await keys.to(button('Next'));
  await keys.press('Enter');
  await page.getByRole('alert').getByText('Use lower-case letters').waitFor();
  await keys.to(field);
  await keys.press('Control+A');
  await keys.type('quay');
  await page.getByText('This name is free.').waitFor();
  await keys.to(page.getByRole('radio', { name: /^An empty channel/, checked: true }));
  await keys.press('ArrowUp');
  await page.getByRole('radio', { name: /receivable/i, checked: true }).waitFor();
  await keys.to(button('Next'));
  await keys.press('Enter');
  await page.getByRole('heading', { name: 'Members' }).waitFor();
  await keys.to(page.getByLabel('Short name').first());
});

test('the switch between consortia, and the menus of language and theme', async () => {
  const change = page.getByRole('combobox', { name: 'Go to a consortium' });
  await keys.to(change);
  await keys.type(name);
  await page.getByRole('option', { name }).waitFor({ state: 'attached' });
  await keys.press('Enter');
  await title(name);
  await page.getByText('Everything is well').waitFor();
  const theme = page.getByRole('button', { name: /^Theme: / });
  await keys.to(theme);
  await keys.press('Enter');
  const dark = page.getByRole('menuitem', { name: 'Dark' });
  await dark.waitFor();
  await keys.press('Escape');
  await dark.waitFor({ state: 'hidden' });
  await keys.isAt(theme);
  await keys.press('Enter');
  await dark.waitFor();
  await keys.press('Tab');
  await keys.press('ArrowUp');
  await keys.isAt(dark);
  await keys.press('Enter');
  await page.getByRole('button', { name: 'Theme: Dark' }).waitFor();
  await dark.waitFor({ state: 'hidden' });
  await keys.isAt(theme);
});

test('a dialog keeps the focus while it is open and gives it back where it was', async () => {
  await keys.to(button('Delete'));
  await keys.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Delete the consortium ${name}` });
  await dialog.getByRole('listitem').first().waitFor();
  await dialog.locator(':focus').or(dialog.and(page.locator(':focus'))).waitFor();
  await keys.staysWithin(dialog);
  await keys.to(dialog.getByRole('button', { name: 'Delete', exact: true }));
  await keys.press('Enter');
  const why = page.getByRole('tooltip').getByText(`Type ${name} first`);
  await why.waitFor();
  // Escape is for what lies on top: that is the tooltip until what holds it in the page is gone too, a moment after its text.
  const holder = await why.evaluateHandle((element) => element.closest('body > *'));
  await keys.press('Escape');
  await until('the tooltip is gone', () => holder.evaluate((element) => element?.isConnected === false));
  await keys.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await keys.isAt(button('Delete'));
  await keys.press('Enter');
  await keys.to(dialog.getByRole('button', { name: 'Keep it' }));
  await keys.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await keys.isAt(button('Delete'));
  assert.equal(page.url(), `${scene.guildhall.url}/consortia/${name}`);
});

test('the editor is left by Escape and Tab', async () => {
  await keys.to(navigation('Contract templates'));
  await keys.press('Enter');
  await keys.to(page.getByRole('link', { name: 'Write a new contract' }));
  await keys.press('Enter');
  const text = page.getByRole('textbox', { name: 'Text of main.ts' });
  await text.waitFor();
  await keys.to(text);
  await keys.press('Tab');
  await keys.isAt(text);
  await keys.press('Escape');
  await keys.press('Tab');
  await page.getByText('What you write is kept').waitFor();
  assert.equal(await text.evaluate((element) => element === document.activeElement), false);
});

test('Ctrl-C ends everything', () => scene.end());
