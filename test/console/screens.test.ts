import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { create, smallConsortium } from '../e2e/support/consortium.ts';
import { agreeOnTerms, issue } from '../e2e/support/receivable.ts';
import { visit, visiting, type Visitor } from './support/browser.ts';
import { namesOf, untranslated } from './support/chinese.ts';
import { assertFitsPhone, assertGoodLooks } from './support/looks.ts';
import { openScreen } from './support/open-screen.ts';
import { openScene, type Scene } from './support/scene.ts';
import { emptyScreens, languages, localeOf, screens, type Language, type Screen, type Shown } from './support/screens.ts';
import { nothing, shownBy } from './support/shown.ts';
import { signInByToken } from './support/sign-in.ts';

// Every screen that there is, in both languages: nothing keeps anybody from using it, and in Chinese nothing is left in English.
const name = 'atlas';
const { members: [core, supplier], ...rest } = smallConsortium(name);
assert.ok(core && supplier);
const input = { ...rest, members: [{ ...core, nodes: [...core.nodes, { name: 'peer1', role: 'peer' as const }] }, supplier] };
/** Formats and files, parts of a certificate's subject, of keys and of a source, and examples in empty fields. */
const terms = 'SVG PNG call mjs OU CN CA TLS Signing Issuing Root Orderer Administration peer peer0 orderer0 regulator funder claim clock config document index note state request issue-first first accept-supplier ISSUED Date registry example notary sha256 BEGIN CERTIFICATE REQUEST-----';
const names = [...namesOf(name, ['core', 'supplier'], 'trade'), ...terms.split(' '), 'nowhere'];

/** What it says of the mistakes in a source stays as it says it. */
const ofTypeScript = /^Type '\w+' is not assignable to type '\w+'\.$|^'\w+' is declared but its value is never read\.$/;

let scene: Scene;
let visitors: Record<Language, Visitor>;
before(async () => {
  scene = await openScene(null);
  const chinese = await visit(scene.browser, scene.guildhall.url, { locale: localeOf.zh });
  await signInByToken(chinese.page, scene.guildhall.url, scene.home.path);
  visitors = { en: scene.visitor, zh: chinese };
});
after(() => scene?.[Symbol.asyncDispose]());

const judge: Record<Language, (visitor: Visitor, screen: Screen, shown: Shown) => Promise<void>> = {
  en: async ({ page }, screen, shown) => {
    await openScreen(page, screen, shown, 'en');
    await assertGoodLooks(page, screen.name);
  },
  zh: async ({ page }, screen, shown) => {
    await openScreen(page, screen, shown, 'zh');
    const left = await untranslated(page, names, 'ol[aria-label="日志"]');
    assert.deepEqual(left.filter((text) => !ofTypeScript.test(text)), []);
    await assertFitsPhone(page, screen.name);
  },
};

async function asStranger(visitor: Visitor, screen: Screen, shown: Shown, language: Language): Promise<void> {
  visitor.expectComplaints(/responded with a status of 401/);
  await judge[language](visitor, screen, shown);
}

async function look(screen: Screen, shown: Shown, language: Language): Promise<void> {
  if (screen.isPublic) return visiting(scene.browser, scene.guildhall.url, (visitor) => asStranger(visitor, screen, shown, language), { locale: localeOf[language] });
  await judge[language](visitors[language], screen, shown);
  visitors[language].assertCalm();
}

for (const screen of emptyScreens) for (const language of languages) test(`${screen.name} in ${language}`, () => look(screen, nothing, language));

let shown: Shown;
test('there is a consortium with a transaction', async () => {
  const { api } = scene.guildhall;
  await create(api, input);
  await agreeOnTerms(api, name);
  await issue(api, name, 'first');
  shown = await shownBy(api);
});

for (const screen of screens) for (const language of languages) test(`${screen.name} in ${language}`, () => look(screen, shown, language));

test('Ctrl-C ends everything', async () => {
  await visitors.zh.leave();
  await scene.end();
});
