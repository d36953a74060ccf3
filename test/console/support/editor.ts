import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** The console's code editor with one file, at which a person writes line by line. */
export interface Editor {
  readonly text: Locator;
  /** Scrolls from the top to the line with these words. */
  find(words: string): Promise<Locator>;
  change(words: string, change: (line: string) => string): Promise<void>;
  /** Begins a new line and writes there. */
  below(words: string, line: string): Promise<void>;
  /** What is underlined as wrong. */
  underlined(words: string): Locator;
  /** The line in which the cursor stands. */
  current(words: string): Locator;
}

/** More than any file here is long. */
const mostPages = 20;

export function editorOf(page: Page, path: string): Editor {
  const text = page.getByRole('textbox', { name: `Text of ${path}` });
  const find = async (words: string): Promise<Locator> => {
    const line = text.locator('.cm-line').filter({ hasText: words });
    await text.press('Control+Home');
    // Lines far from what is shown are not in the page.
    for (let pages = 0; (await line.count()) === 0; pages += 1) {
      assert.ok(pages < mostPages, `no line has ${words}`);
      await text.press('PageDown');
    }
    return line;
  };
  return {
    text,
    find,
    async change(words, change) {
      const line = await find(words);
      const before = ((await line.textContent()) ?? '').trimStart();
      const after = change(before);
      assert.notEqual(after, before, `the line with ${words} does not change`);
      await line.click();
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(after);
    },
    async below(words, added) {
      await (await find(words)).click();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.insertText(added);
    },
    underlined: (words) => text.locator('.cm-lintRange-error').filter({ hasText: words }),
    current: (words) => text.locator('.cm-activeLine').filter({ hasText: words }),
  };
}
