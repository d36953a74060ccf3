import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { wide } from '../../console/support/chromium.ts';

export interface Visit {
  context: BrowserContext;
  page: Page;
  devTools: CDPSession;
}

/** Somebody who is signed in and has never been here: nothing of the console is in the browser's cache. */
export async function visitSignedIn(browser: Browser, url: string, token: string): Promise<Visit> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB', viewport: wide });
  const session = await context.request.post('/session', { headers: { origin: url }, data: { token } });
  if (!session.ok()) throw new Error(`signing in was refused with status ${session.status()}`);
  const page = await context.newPage();
  return { context, page, devTools: await context.newCDPSession(page) };
}
