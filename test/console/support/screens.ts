import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** What the addresses of screens are made of. */
export interface Shown {
  consortium: string;
  member: string;
  node: string;
  channel: string;
  contract: string;
  transaction: string;
  operation: string;
  /** A peer that can go, if there is any: the last one of a member that has others, of which the first is known by its address. */
  spare: { member: string; node: string } | undefined;
}

export interface Screen {
  /** Of its pictures' files. */
  name: string;
  /** Undefined where there is nothing that it could show. */
  path: (shown: Shown) => string | undefined;
  /** Before signing in. */
  isPublic?: boolean;
  /** What a person does on it first; nothing of it may change what Guildhall holds. */
  act?: (page: Page, words: Words, shown: Shown) => Promise<void>;
}

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];
/** Of a browser whose reader is shown the console so. */
export const localeOf: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' };

/** A text of the console in the language of the picture. */
export type Words = (namespace: string, key: string) => string;

export const wordsOf = (language: Language): Words => (namespace, key) => {
  const file = new URL(`../../../web-console/src/i18n/${language}/${namespace}.json`, import.meta.url);
  const text = key.split('.').reduce((texts, part) => (texts as Record<string, unknown>)[part], JSON.parse(readFileSync(file, 'utf8')) as unknown);
  if (typeof text !== 'string') throw new Error(`there is no text ${key} in ${file.pathname}`);
  return text;
};

/** Creating a consortium by the express path, up to the plan: for two members whose two orderers cannot spare one. */
async function enterConsortium(page: Page, words: Words): Promise<void> {
  const next = page.getByRole('button', { name: words('create', 'next'), exact: true });
  await page.getByLabel(words('create', 'name'), { exact: true }).fill('harbour-lights');
  await page.getByText(words('create', 'nameFree')).waitFor();
  await page.getByRole('group', { name: words('create', 'purpose'), exact: true }).getByRole('radio').first().check();
  await next.click();
  await page.getByRole('button', { name: words('create', 'removeMember').replace('{{name}}', words('create', 'memberNumber').replace('{{number}}', '3')) }).click();
  for (const [index, name] of ['core', 'supplier'].entries()) await page.getByLabel(words('create', 'memberName'), { exact: true }).nth(index).fill(name);
}

const ofConsortium = (rest: string) => ({ consortium }: Shown): string => `/consortia/${consortium}${rest}`;

/** Of a Guildhall that holds nothing yet. */
export const emptyScreens: readonly Screen[] = [
  { name: 'home-empty', path: () => '/' },
  { name: 'operations-empty', path: () => '/operations' },
];

/** Every screen of the console. A new one is added here. */
export const screens: readonly Screen[] = [
  { name: 'sign-in', path: () => '/', isPublic: true },
  { name: 'home', path: () => '/' },
  { name: 'operations', path: () => '/operations' },
  { name: 'operation', path: ({ operation }) => `/operations/${operation}` },
  { name: 'create-express-1-start', path: () => '/create' },
  { name: 'create-express-2-members', path: () => '/create?screen=members' },
  { name: 'create-express-3-plan', path: () => '/create?screen=plan' },
  { name: 'create-express-members-entered', path: () => '/create', act: enterConsortium },
  {
    name: 'create-express-plan-with-warnings',
    path: () => '/create',
    act: async (page, words) => {
      await enterConsortium(page, words);
      await page.getByRole('button', { name: words('create', 'next'), exact: true }).click();
      await page.getByText(words('operations', 'memory')).waitFor();
    },
  },
  {
    name: 'create-mistakes',
    path: () => '/create?screen=members',
    act: (page, words) => page.getByRole('button', { name: words('create', 'next'), exact: true }).click(),
  },
  { name: 'create-full-1-name', path: () => '/create?path=full&screen=name' },
  { name: 'create-full-2-members', path: () => '/create?path=full&screen=members' },
  { name: 'create-full-3-ordering', path: () => '/create?path=full&screen=ordering' },
  { name: 'create-full-4-channels', path: () => '/create?path=full&screen=channels' },
  { name: 'create-full-5-contracts', path: () => '/create?path=full&screen=contracts' },
  { name: 'overview', path: ofConsortium('') },
  {
    name: 'delete-consortium',
    path: ofConsortium(''),
    act: async (page, words) => {
      await page.getByRole('button', { name: words('consortium', 'delete'), exact: true }).click();
      await page.getByRole('dialog').getByRole('list').waitFor();
    },
  },
  { name: 'topology', path: ofConsortium('/topology') },
  { name: 'topology-table', path: ofConsortium('/topology?view=table') },
  { name: 'nodes', path: ofConsortium('/nodes') },
  { name: 'node', path: ({ consortium, member, node }) => `/consortia/${consortium}/nodes/${member}/${node}` },
  {
    name: 'restart-node',
    path: ({ consortium, member, node }) => `/consortia/${consortium}/nodes/${member}/${node}`,
    act: async (page, words) => {
      await page.getByRole('button', { name: words('nodes', 'restart'), exact: true }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'remove-node',
    path: ({ consortium, spare }) => spare && `/consortia/${consortium}/nodes/${spare.member}/${spare.node}`,
    act: async (page, words) => {
      await page.getByRole('button', { name: words('nodes', 'remove'), exact: true }).click();
      await page.getByRole('dialog').getByRole('list').waitFor();
    },
  },
  {
    name: 'remove-node-refused',
    // The first peer of a member is its anchor.
    path: ({ consortium, spare }) => spare && `/consortia/${consortium}/nodes/${spare.member}/peer0`,
    act: async (page, words) => {
      await page.getByRole('button', { name: words('nodes', 'remove'), exact: true }).click();
      await page.getByRole('dialog').getByRole('alert').first().waitFor();
      assert.equal(await page.getByRole('dialog').getByRole('list').count(), 0, 'nothing is listed above the refusal');
    },
  },
  {
    name: 'change-node',
    path: ({ consortium, member, node }) => `/consortia/${consortium}/nodes/${member}/${node}`,
    act: async (page, words) => {
      await page.getByRole('button', { name: words('nodes', 'change'), exact: true }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: words('nodes', 'field.memory') }).fill('2Gi');
      await page.getByRole('dialog').getByRole('list').waitFor();
    },
  },
  { name: 'add-node', path: ofConsortium('/add-node') },
  { name: 'channels', path: ofConsortium('/channels') },
  { name: 'channel', path: ({ consortium, channel }) => `/consortia/${consortium}/channels/${channel}` },
  { name: 'certificates', path: ofConsortium('/certificates') },
  { name: 'contracts', path: ofConsortium('/contracts') },
  { name: 'contract', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}` },
  { name: 'contract-call', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/call` },
  {
    name: 'contract-call-answered',
    path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/call`,
    act: async (page, words) => {
      await page.getByRole('combobox', { name: words('call', 'operation'), exact: true }).fill('Config');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: words('call', 'evaluate'), exact: true }).click();
      await page.getByText('parties').first().waitFor();
    },
  },
  {
    name: 'contract-call-mistakes',
    path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/call`,
    act: async (page, words) => {
      await page.getByRole('combobox', { name: words('call', 'operation'), exact: true }).fill('Issue');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: words('call', 'submit'), exact: true }).click();
    },
  },
  { name: 'contract-upgrade', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/of/${contract}/upgrade` },
  { name: 'contract-deploy', path: ({ consortium, contract }) => `/consortia/${consortium}/contracts/deploy?template=${contract}&version=1.0.0` },
  { name: 'contract-deploy-nothing', path: ofConsortium('/contracts/deploy') },
  { name: 'contract-deploy-image', path: ofConsortium('/contracts/deploy?image=') },
  { name: 'templates', path: () => '/templates' },
  { name: 'source', path: () => '/templates/source' },
  {
    name: 'source-mistakes',
    path: () => '/templates/source',
    act: async (page, words) => {
      await page.getByText(words('source', 'builds')).waitFor();
      await page.getByRole('textbox', { name: 'main.ts' }).press('Control+Home');
      await page.keyboard.insertText('const now: string = Date.now();\n');
      await page.getByText('main.ts:1:').first().waitFor();
    },
  },
  { name: 'ledger', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}` },
  { name: 'block', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/blocks/0` },
  { name: 'transactions', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/transactions` },
  { name: 'transaction', path: ({ consortium, channel, transaction }) => `/consortia/${consortium}/ledger/${channel}/transactions/${transaction}` },
  { name: 'keys', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/keys` },
  { name: 'applications', path: ofConsortium('/applications') },
  {
    name: 'create-identity',
    path: ofConsortium('/applications'),
    act: (page, words) => page.getByRole('button', { name: words('applications', 'createTitle'), exact: true }).click(),
  },
  { name: 'audit', path: () => '/audit' },
  { name: 'api', path: () => '/api' },
  { name: 'settings', path: () => '/settings' },
  { name: 'no-such-consortium', path: () => '/consortia/nowhere' },
  { name: 'no-such-transaction', path: ({ consortium, channel }) => `/consortia/${consortium}/ledger/${channel}/transactions/${'0'.repeat(64)}` },
  { name: 'not-found', path: () => '/nowhere' },
];
