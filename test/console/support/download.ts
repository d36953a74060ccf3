import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

export interface Downloaded {
  name: string;
  bytes: Buffer;
}

/** What a press gives the reader as a file. */
export async function downloaded(page: Page, press: Locator): Promise<Downloaded> {
  const [download] = await Promise.all([page.waitForEvent('download'), press.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}
