import assert from 'node:assert/strict';
import type { ElementHandle, Locator, Page } from 'playwright-core';
import { until } from '../../e2e/support/until.ts';

/** More than any screen has places for the focus. */
const patience = 150;

type Focused = ElementHandle<HTMLElement | SVGElement>;

/** How an element looks, with what may show its focus for it: what is around it. */
const lookOf = (element: HTMLElement | SVGElement): string => {
  const looks: string[] = [];
  for (let at: Element | null = element; at !== null && looks.length < 4; at = at.parentElement) {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, top } = getComputedStyle(at);
    looks.push([outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, top].join(' '));
  }
  return looks.join('; ');
};

/** Whether what has the focus can be seen: it, or the control that it is a part of. */
const isInView = (element: HTMLElement | SVGElement): boolean => {
  const seen = element.getBoundingClientRect().width > 1 ? element : (element.closest('label') ?? element.parentElement ?? element);
  const { left, right, top, bottom, width, height } = seen.getBoundingClientRect();
  return width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
};

/** A person without a pointer. */
export interface Keyboard {
  /** Tab until something has the focus, once around at most. On the way whatever has it is in view, and looks other than without it. */
  to(target: Locator): Promise<void>;
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  /** Expects the focus there. */
  isAt(target: Locator): Promise<void>;
  /** Tab, as often as leads around: of the page nothing else gets the focus. */
  staysWithin(part: Locator): Promise<void>;
}

/** What can be used. The content as a whole, or the next of several screens, has the focus after each way there, and shows it by its beginning alone. */
const place = 'a, button, input, textarea, select, summary, [role]:not(main, [role="group"]:not([data-wrong]))';

export function keyboardOf(page: Page): Keyboard {
  const focused = async (): Promise<Focused> => {
    const handle = await page.evaluateHandle(() => document.activeElement);
    return (handle.asElement() as Focused | null) ?? assert.fail('nothing has the focus');
  };
  const has = (target: Locator): Promise<boolean> => target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
  const nameOf = (element: Focused): Promise<string> => element.evaluate((found) => found.outerHTML.slice(0, 300));
  /** Behind the last place of a page comes what belongs to the browser itself. */
  const isBeyond = (element: Focused): Promise<boolean> => element.evaluate((found) => found === document.body);

  const assertSeen = async (element: Focused, look: string): Promise<void> => {
    if (await element.evaluate((found, place) => found.isConnected && found.matches(place), place))
      await until(`the focus is seen at ${await nameOf(element)}`, async () => (await element.evaluate(lookOf)) !== look, 5000);
  };
  const assertInView = async (element: Focused): Promise<void> =>
    void (await until(`what has the focus is in view: ${await nameOf(element)}`, () => element.evaluate(isInView), 5000));

  const tab = async (): Promise<Focused> => {
    const before = await focused();
    const look = await before.evaluate(lookOf);
    await page.keyboard.press('Tab');
    const now = await focused();
    await assertSeen(before, look);
    return now;
  };
  return {
    async to(target) {
      let rounds = 0;
      for (let tabs = 0; !(await has(target)); tabs += 1) {
        assert.ok(tabs < patience && rounds < 2, `Tab does not lead to ${String(target)}`);
        const now = await tab();
        if (await isBeyond(now)) rounds += 1;
        else await assertInView(now);
      }
    },
    press: (key) => page.keyboard.press(key),
    type: (text) => page.keyboard.type(text),
    isAt: async (target) => void (await until(`the focus is at ${String(target)}`, () => has(target), 15_000)),
    async staysWithin(part) {
      for (let rounds = 0; rounds < 2; ) {
        const now = await tab();
        if (await isBeyond(now)) rounds += 1;
        else assert.ok(await part.evaluate((element) => element.contains(document.activeElement)), `the focus is outside, at ${await nameOf(now)}`);
      }
    },
  };
}
