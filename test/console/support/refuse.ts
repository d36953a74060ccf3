import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page, Route } from 'playwright-core';

const documents = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../web-console/src/graphql/generated/persisted-documents.json'), 'utf8')) as Record<string, string>;

const idOf = (name: string): string =>
  Object.entries(documents).find(([, text]) => new RegExp(`\\b(?:query|mutation|subscription) ${name}\\b`).test(text))?.[0] ?? assert.fail(`the console asks no ${name}`);

/** Keeps one document of the console from being answered as it should; all others are. @returns takes that back */
export async function refuse(page: Page, name: string, answer: (route: Route) => Promise<void>): Promise<() => Promise<void>> {
  const id = idOf(name);
  const onRequest = (route: Route): Promise<void> => (route.request().postData()?.includes(id) ? answer(route) : route.continue());
  await page.route('**/graphql', onRequest);
  return () => page.unroute('**/graphql', onRequest);
}
