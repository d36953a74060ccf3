import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { areas, sentencesOf, type Area } from '../../../scripts/server-sentences.ts';
import { placeholders } from './pattern.ts';
import type { Catalogue } from './entries.ts';

const folder = join(import.meta.dirname, 'zh');
const catalogueOf = (area: string): Catalogue => JSON.parse(readFileSync(join(folder, `${area}.json`), 'utf8')) as Catalogue;
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

  test(`${area}: a translation has placeholders of its sentence alone, and is Chinese`, () => {
    for (const [english, chinese] of Object.entries(catalogueOf(area))) {
      const known = new Set(english.match(placeholders));
      assert.deepEqual([...(chinese.match(placeholders) ?? [])].filter((name) => !known.has(name)), [], english);
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
