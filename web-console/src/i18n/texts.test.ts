import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { languages, localeOf, type Language } from './languages.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const sources = dirname(folder);

type Tree = { [key: string]: string | Tree };

const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`)));

const textsOf = (language: Language, namespace: string): Map<string, string> => new Map(leaves(JSON.parse(readFileSync(join(folder, language, `${namespace}.json`), 'utf8')) as Tree));

const namespaces = globSync('en/*.json', { cwd: folder }).map((file) => basename(file, '.json'));
const plural = /_(zero|one|two|few|many|other)$/;
const baseOf = (key: string): string => key.replace(plural, '');
const formsOf = (texts: ReadonlyMap<string, string>, base: string): string[] => [...texts.keys()].flatMap((key) => (baseOf(key) === base ? (plural.exec(key)?.[1] ?? []) : [])).sort();
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name = '']) => name).sort();

test('each language has the texts of the same screens', () => {
  for (const language of languages) assert.deepEqual(globSync('*.json', { cwd: join(folder, language) }).map((file) => basename(file, '.json')).sort(), namespaces.sort(), language);
});

for (const namespace of namespaces) {
  test(`${namespace}: the same texts in each language, with the same placeholders and the plural forms that the language has`, () => {
    const english = textsOf('en', namespace);
    const keys = [...new Set([...english.keys()].map(baseOf))].sort();
    for (const language of languages) {
      const texts = textsOf(language, namespace);
      assert.deepEqual([...new Set([...texts.keys()].map(baseOf))].sort(), keys, language);
      const categories = [...new Intl.PluralRules(localeOf[language]).resolvedOptions().pluralCategories].sort();
      for (const base of keys) {
        const forms = formsOf(texts, base);
        if (forms.length > 0 || formsOf(english, base).length > 0) assert.deepEqual(forms, categories, `${language} ${namespace}:${base}`);
      }
      for (const [key, text] of texts) {
        assert.notEqual(text.trim(), '', `${language} ${namespace}:${key}`);
        const reference = english.get(key) ?? english.get(`${baseOf(key)}_other`);
        // One of something may be said without its number.
        const wanted = new Set([...placeholders(reference ?? ''), ...(plural.test(key) ? ['count'] : [])]);
        for (const name of placeholders(text)) assert.ok(wanted.has(name), `${language} ${namespace}:${key} has {{${name}}}`);
        for (const name of placeholders(reference ?? '')) assert.ok(key.endsWith('_one') || placeholders(text).includes(name), `${language} ${namespace}:${key} lacks {{${name}}}`);
      }
    }
  });
}

/** How the code asks for texts: `t('key')`, or `` t(`state.${state}`) `` for one of several, which is any of them here. */
function usedPatterns(namespace: string): RegExp[] {
  return globSync('**/*.{ts,tsx}', { cwd: sources }).flatMap((file) => {
    const code = readFileSync(join(sources, file), 'utf8');
    const uses = [...code.matchAll(/useTranslation\((?:'(\w+)')?\)/g)].map(([, name = 'common']) => name);
    if (!uses.includes(namespace)) return [];
    assert.equal(new Set(uses).size, 1, `${file} uses texts of several screens: ${uses.join(', ')}`);
    return [...code.matchAll(/\bt\(\s*(?:'([^']+)'|`([^`]+)`)/g)].map(([, plain, template]) => {
      const parts = (plain ?? template ?? '').split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()[\]\\|{}]/g, String.raw`\$&`));
      return new RegExp(`^${parts.join('.+')}$`);
    });
  });
}

for (const namespace of namespaces) {
  test(`${namespace}: every text is used, and every text that is used exists`, () => {
    const keys = [...new Set([...textsOf('en', namespace).keys()].map(baseOf))];
    const patterns = usedPatterns(namespace);
    assert.deepEqual(keys.filter((key) => !patterns.some((pattern) => pattern.test(key))), [], 'unused');
    assert.deepEqual(patterns.filter((pattern) => !keys.some((key) => pattern.test(key))), [], 'missing');
  });
}
