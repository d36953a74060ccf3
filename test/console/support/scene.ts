import type { Browser, Page } from 'playwright-core';
import { create, smallConsortium, type ConsortiumInput } from '../../e2e/support/consortium.ts';
import { createHome, type Guildhall, type Home } from '../../e2e/support/guildhall.ts';
import { visit, type Visitor } from './browser.ts';
import { openBrowser } from './chromium.ts';
import { startPrepared } from './prepared.ts';
import { printedLink, signIn } from './sign-in.ts';

/** Where most stories begin: Guildhall with one consortium, and a person who is signed in, with one page. */
export interface Scene extends AsyncDisposable {
  readonly home: Home;
  readonly guildhall: Guildhall;
  readonly browser: Browser;
  readonly visitor: Visitor;
  readonly page: Page;
  /** The person leaves, and Ctrl-C ends everything. */
  end(): Promise<void>;
}

/** @param consortium null: nothing is there yet */
export async function openScene(consortium: ConsortiumInput | null = smallConsortium('harbour')): Promise<Scene> {
  await using opened = new AsyncDisposableStack();
  const home = opened.use(await createHome());
  const browser = opened.use(await openBrowser());
  const guildhall = await startPrepared(home);
  if (consortium) await create(guildhall.api, consortium);
  const visitor = await visit(browser, guildhall.url);
  await signIn(visitor.page, (await printedLink(guildhall)).url);
  const all = opened.move();
  return {
    home,
    guildhall,
    browser,
    visitor,
    page: visitor.page,
    end: async () => {
      await visitor.leave();
      await guildhall.stop();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
