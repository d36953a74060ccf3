import type { Page } from 'playwright-core';

/** Chooses from a list that opens; of Ant Design's options a pointer finds the visible ones, which have no role. */
export async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: option, visible: true }).first().click();
}
