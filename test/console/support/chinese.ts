import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { kinds } from '@guildhall/resources';
import type { Page } from 'playwright-core';

const texts = resolve(import.meta.dirname, '../../../web-console/src/i18n');
const latin = /[A-Za-z][A-Za-z’'-]+/g;
/** Paths of files, ids and hashes. */
const noWords = /(?<=\s|^)\/\S+|[0-9a-f]{12,}/g;

/** Names and terms that stand in Latin letters in the Chinese texts themselves; the keys of the texts are no words of them. */
function terms(): Set<string> {
  const values = globSync('{zh,server/zh}/*.json', { cwd: texts }).flatMap((file) => {
    const found: string[] = [];
    JSON.parse(readFileSync(join(texts, file), 'utf8'), (_key, value: unknown) => {
      if (typeof value === 'string') found.push(value.replaceAll(/\{\{.*?\}\}/g, ''));
      return value;
    });
    return found;
  });
  return new Set(values.flatMap((value) => value.match(latin) ?? []));
}

const policies = ['Admins', 'BlockValidation', 'Endorsement', 'LifecycleEndorsement', 'Readers', 'Writers'];
/** Of the cluster: a phase, a volume and claims of volumes. */
const cluster = ['Pending', 'data', 'data-peer', 'data-orderer'];
/** Of a template's contract, and what its author calls a part of it. */
const receivable = ['receivable', 'Receivable', 'Note', 'Config', 'Issue', 'Lineage', 'admin', 'timekeeper', 'debtor', 'supplier'];

/** What is called so in every language: what people chose, and what they meet of Fabric and of the cluster. */
export const namesOf = (consortium: string, members: readonly string[], channel: string): string[] => [
  consortium,
  channel,
  ...members,
  ...members.map((member) => `${member.charAt(0).toUpperCase()}${member.slice(1)}MSP`),
  `gh-${consortium}`,
  ...members.map((member) => `gh-${consortium}--${member}`),
  ...kinds.map(({ type }) => type.kind),
  ...policies,
  ...cluster,
  ...receivable,
  'English',
  'MB',
  'GB',
];

/**
 * Every text and label that can be read, but for code, for what is marked as English or as somebody else's words, and icons that stand beside words, which have names of
 * Ant Design's: one that stands alone on a button is the button's name. What the server says in words has a language, and is read whichever that is.
 */
const readable = (page: Page, apart: string): Promise<string[]> =>
  page.evaluate((apart) => {
    const never = `code, script, style, [aria-hidden="true"], ${apart}`;
    const standsBesideWords = (icon: Element | null): boolean => {
      const control = icon?.closest('button, a, [role="button"]');
      return icon !== null && (!control || control.hasAttribute('aria-label') || control.hasAttribute('aria-labelledby') || control.textContent.trim() !== '');
    };
    const isRead = (element: Element | null): boolean =>
      element !== null && element.checkVisibility() && !element.closest(never) && !standsBesideWords(element.closest('.anticon')) && (element.closest('bdi[lang]') !== null || !element.closest('bdi, [lang="en"]'));
    const found: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) if (isRead(node.parentElement) && !node.parentElement?.closest('pre, textarea')) found.push(node.textContent ?? '');
    for (const name of ['aria-label', 'title', 'placeholder', 'data-title'])
      for (const element of document.querySelectorAll(`[${name}]`)) if (isRead(element)) found.push(element.getAttribute(name) ?? '');
    return [document.title, ...found];
  }, apart);

/**
 * Words in Latin letters that are neither terms nor names of the story's own: what was not translated.
 * @param apart a selector of what is not read, such as a log, which has other names at each run
 */
export async function untranslated(page: Page, names: readonly string[] = [], apart = 'script'): Promise<string[]> {
  const known = new Set([...terms(), ...names]);
  return (await readable(page, apart)).filter((text) => (text.replaceAll(noWords, '').match(latin) ?? []).some((word) => !known.has(word)));
}
