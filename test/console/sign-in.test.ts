import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { createHome, type Guildhall, type Home } from '../e2e/support/guildhall.ts';
import { visiting, type Visitor } from './support/browser.ts';
import { openBrowser } from './support/chromium.ts';
import { assertGoodLooks } from './support/looks.ts';
import { startPrepared } from './support/prepared.ts';
import { newLink, printedLink, renewToken, signIn, tokenOf } from './support/sign-in.ts';

let home: Home;
let guildhall: Guildhall;
let browser: Browser;
before(async () => {
  home = await createHome();
  [guildhall, browser] = await Promise.all([startPrepared(home), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await home[Symbol.asyncDispose]();
});

const asVisitor = (story: (visitor: Visitor) => Promise<void>): Promise<void> => visiting(browser, guildhall.url, story);

/** The browser itself tells of every answer that is a refusal. */
const notSignedIn = /responded with a status of 401/;

test('the printed link signs in once, and leaves no secret where a script could find it', async () => {
  const { code, url } = await printedLink(guildhall);
  await asVisitor(async ({ page }) => {
    await signIn(page, url);
    await page.getByText('There is no consortium yet').waitFor();
    assert.equal(page.url(), `${guildhall.url}/`);
    const cookies = await page.context().cookies();
    assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite })), [{ httpOnly: true, sameSite: 'Strict' }]);
    const seen = await page.evaluate(async () => JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage), await indexedDB.databases(), await caches.keys(), history.state, location.href]));
    for (const secret of [code, tokenOf(home.path), ...cookies.map(({ value }) => value)]) assert.ok(!seen.includes(secret), seen);
    await page.goBack().catch(() => undefined);
    assert.ok(!page.url().includes(code), 'the way back leads to the code');
    await page.goto('/');
    await assertGoodLooks(page, 'no consortium');
  });
  await asVisitor(async ({ page, expectComplaints }) => {
    expectComplaints(notSignedIn);
    await page.goto(url);
    await page.getByRole('alert').getByText('You are not signed in').waitFor();
    assert.ok(!page.url().includes(code));
    await assertGoodLooks(page, 'a link that was used');
  });
});

test('a wrong token is refused in words; the right one leads to the address that was asked for', () =>
  asVisitor(async ({ page, expectComplaints }) => {
    expectComplaints(notSignedIn);
    await page.goto('/operations');
    const token = page.getByLabel('Administrator’s token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Enter the token').waitFor();
    await token.fill('not-the-token');
    await token.press('Enter');
    await page.getByRole('alert').getByText('You are not signed in').waitFor();
    assert.equal(await token.inputValue(), '');
    await token.fill(tokenOf(home.path));
    await token.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Operations' }).waitFor();
    assert.equal(page.url(), `${guildhall.url}/operations`);
    await assertGoodLooks(page, 'no operations');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Guildhall' }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
  }));

test('when the session ends, signing in again leads back to the same place with what was typed', () =>
  asVisitor(async ({ page, expectComplaints }) => {
    await signIn(page, await newLink(home.path));
    await page.getByRole('link', { name: 'Create a consortium' }).click();
    await page.getByLabel('Name', { exact: true }).fill('half-done');
    await page.getByText('This name is free.').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    const member = page.getByLabel('Short name').first();
    await member.fill('core');
    const place = page.url();
    expectComplaints(notSignedIn);
    await renewToken(home.path);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await assertGoodLooks(page, 'the session has ended');
    await dialog.getByLabel('Administrator’s token').fill(tokenOf(home.path));
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(page.url(), place);
    assert.equal(await member.inputValue(), 'core');
    await page.getByRole('button', { name: 'Back' }).click();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half-done');
  }));

test('names out of an address are text, whatever they are', () =>
  asVisitor(async ({ page }) => {
    await signIn(page, await newLink(home.path));
    for (const name of ['<script>alert(1)</script>', '\u202Eevil\u2066', 'x'.repeat(200)]) {
      await page.goto(`/consortia/${encodeURIComponent(name)}`);
      await page.getByText('There is no such consortium').waitFor();
      assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), name);
      await assertGoodLooks(page, name);
    }
  }));

test('Ctrl-C ends everything', () => guildhall.stop());
