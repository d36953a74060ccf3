import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { areas, sentencesOf, type Area } from '../../../scripts/server-sentences.ts';
import { placeholders } from './pattern.ts';
import type { Catalogue } from './entries.ts';
import { patternsWithOthersWords, verbatimIn } from './verbatim.ts';

const folder = join(import.meta.dirname, 'zh');
const catalogueOf = (area: string): Catalogue => JSON.parse(readFileSync(join(folder, `${area}.json`), 'utf8')) as Catalogue;
/** Forms of singular and plural, which Chinese has not. */
const plurals = new Set(['s', 'be', 'isAre', 'itThem', 'hasHave', 'dayDays', 'countsCount', 'endorsesAndReadsEndorseAndRead'].map((name) => `{{${name}}}`));
/** What else a translation may leave out. */
const leftOut: Readonly<Record<string, string>> = {
  'Too big: expected {{origin}} to have {{adj}}{{maximum}} {{unit}}': '{{origin}}', // A type, such as "string": the unit says what is counted.
  'Too small: expected {{origin}} to have {{adj}}{{minimum}} {{unit}}': '{{origin}}',
  'Too big: expected {{origin}} to be {{adj}}{{maximum}}': '{{origin}}', // A type again: "number", of which one is said to be too big.
  'Too small: expected {{origin}} to be {{adj}}{{minimum}}': '{{origin}}',
};
const names = Object.keys(areas) as Area[];

test('each area of the server has its file, and no other is there', () => {
  assert.deepEqual(globSync('*.json', { cwd: folder }).map((file) => basename(file, '.json')).sort(), names.toSorted());
});

for (const area of names) {
  test(`${area}: every sentence that the server says is there in Chinese, and nothing that it does not say`, () => {
    const { sentences, texts } = sentencesOf(area);
    const catalogue = catalogueOf(area);
    assert.ok(sentences.size > 0);
    assert.deepEqual([...sentences].filter(([sentence]) => !(sentence in catalogue)).map(([sentence, file]) => `${file}: ${sentence}`), [], 'without Chinese');
    assert.deepEqual(Object.keys(catalogue).filter((english) => !texts.has(english)), [], 'said by no source');
  });

  test(`${area}: a translation has the placeholders of its sentence, but for plurals, and is Chinese`, () => {
    for (const [english, chinese] of Object.entries(catalogueOf(area))) {
      const known = new Set(english.match(placeholders));
      const said = new Set(chinese.match(placeholders));
      assert.deepEqual([...said].filter((name) => !known.has(name)), [], english);
      assert.deepEqual([...known].filter((name) => !said.has(name) && !plurals.has(name) && leftOut[english] !== name), [], `${english}: lost in ${chinese}`);
      assert.ok(/[\p{Script=Han}：（]/u.test(chinese) || chinese.trim() === english, `${english}: ${chinese}`);
    }
  });
}

test('the same sentence is the same in each area', () => {
  const seen = new Map<string, string>();
  for (const [english, chinese] of names.flatMap((area) => Object.entries(catalogueOf(area)))) {
    assert.equal(seen.get(english) ?? chinese, chinese, english);
    seen.set(english, chinese);
  }
});

test('placeholders for others\' words are of sentences that are said', () => {
  const said = new Set(names.flatMap((area) => Object.keys(catalogueOf(area))));
  for (const pattern of patternsWithOthersWords) {
    assert.ok(said.has(pattern), pattern);
    assert.deepEqual(verbatimIn(pattern).filter((name) => !pattern.includes(name)), [], pattern);
  }
});
