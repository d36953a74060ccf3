import assert from 'node:assert/strict';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { wide } from './chromium.ts';

/** Against hanging alone: stories wait for what is on the screen. */
const patienceMs = 120_000;

/** A person at a browser of his own: cookies and storage are nobody else's. */
export interface Visitor {
  readonly page: Page;
  /** What the browser complains of because of what the story does. */
  expectComplaints(...patterns: RegExp[]): void;
  /** Fails when the browser has complained of anything else since the last time. */
  assertCalm(): void;
  leave(): Promise<void>;
}

/** Errors of scripts and of the console, refusals of the content policy, and requests to anybody but Guildhall are complaints. */
function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && asked !== origin) complaints.push(`asked ${request.url()}`);
  });
  return complaints;
}

/** @param url where Guildhall is; paths are relative to it */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB', viewport: wide, colorScheme: 'light', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(patienceMs);
  await context.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => reportError(new Error(`the content policy refused ${violatedDirective} ${blockedURI}`))),
  );
  const page = await context.newPage();
  const complaints = complaintsOf(page, new URL(url).origin);
  const expected: RegExp[] = [];
  return {
    page,
    expectComplaints: (...patterns) => void expected.push(...patterns),
    assertCalm: () => assert.deepEqual(complaints.splice(0).filter((text) => !expected.some((pattern) => pattern.test(text))), []),
    leave: () => context.close(),
  };
}

/** One visit; the browser must have had nothing to complain of. */
export async function visiting(browser: Browser, url: string, story: (visitor: Visitor) => Promise<void>, options?: BrowserContextOptions): Promise<void> {
  const visitor = await visit(browser, url, options);
  try {
    await story(visitor);
    visitor.assertCalm();
  } finally {
    await visitor.leave();
  }
}
