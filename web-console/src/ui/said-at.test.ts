import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Catalogue } from '../i18n/server/entries.ts';
import { createServerText } from '../i18n/server/server-text.ts';
import { saidAt, type Read } from './said-at.ts';

const server = `${import.meta.dirname}/../i18n/server/zh`;
const chinese = createServerText(Object.assign({}, ...globSync('*.json', { cwd: server }).map((file) => JSON.parse(readFileSync(`${server}/${file}`, 'utf8')) as Catalogue)) as Catalogue);

/** What is not known in the reader's language stands in angle brackets. */
const shown = (place: string, message: string, read?: Read): string => saidAt(place, message, read).map(({ text, known }) => (known ? text : `<${text}>`)).join('');

test('at its field a message does not begin with the name that the API has for it', () => {
  assert.equal(shown('storage', 'storage: a volume can only grow, and that of core/peer1 has 10Gi'), '<a volume can only grow, and that of core/peer1 has 10Gi>');
  assert.equal(shown('storage', 'a volume can only grow'), '<a volume can only grow>');
  assert.equal(shown('storage', 'storageClass: there is none'), '<storageClass: there is none>', 'another name stays');
});

test('neither does it in another language, however the catalogue has the sentence', () => {
  const said: [place: string, message: string, expected: string][] = [
    ['storage', 'storage: a volume can only grow, and that of core/peer1 has 10Gi', '数据卷只能扩大，而 core/peer1 的已有 10Gi'],
    ['cpu', 'cpu: processors, such as 500m (half of one) or 2', '处理器数量，例如 500m（半个）或 2'],
    ['member', 'member: use lower-case letters, digits and single "-"; start with a letter, end with a letter or digit', '请使用小写字母、数字和单个“-”，以字母开头，以字母或数字结尾'],
    ['memory', 'memory: cannot allocate', '<cannot allocate>'],
  ];
  for (const [place, message, expected] of said) assert.equal(shown(place, message, chinese), expected);
});
