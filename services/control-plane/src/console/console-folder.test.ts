import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { documentId, writeConsoleFolder } from '../../test/console-folder.ts';
import { ConsoleFolderError, readConsole } from './console-folder.ts';

const document = 'query Templates { templates { id } }';
let folder: string;
beforeEach(async () => {
  folder = await writeConsoleFolder([document]);
});
afterEach(() => rm(folder, { recursive: true }));

test('only what a browser needs is served, with its compressed forms', async () => {
  const { files, documents } = await readConsole(folder);
  assert.deepEqual([...files.keys()].sort(), ['/assets/deep/style-1.css', '/assets/main-1.js', '/favicon.svg']);
  assert.deepEqual(Object.keys(files.get('/assets/main-1.js')?.bodies ?? {}), ['identity', 'br', 'gzip']);
  assert.deepEqual([...files].filter(([, { isImmutable }]) => isImmutable).map(([path]) => path).sort(), ['/assets/deep/style-1.css', '/assets/main-1.js']);
  assert.deepEqual([...documents], [[documentId(document), document]]);
});

test('what is no build of the console is refused with what to do', async () => {
  const broken: [string, string, RegExp][] = [
    ['persisted-documents.json', JSON.stringify({ [documentId(document)]: 'mutation { __typename }' }), /another digest than its own/],
    ['persisted-documents.json', '{', /no list of documents/],
    ['persisted-documents.json', '{"short":"query { __typename }"}', /no list of documents/],
    ['index.html', '<!doctype html>', /no place for a nonce/],
  ];
  for (const [name, content, expected] of broken) {
    const other = await writeConsoleFolder([document]);
    await writeFile(join(other, name), content);
    await assert.rejects(readConsole(other), (error) => error instanceof ConsoleFolderError && expected.test(error.message) && /npm run build -w web-console/.test(error.message), content);
    await rm(other, { recursive: true });
  }
  await assert.rejects(readConsole(join(folder, 'nowhere')), ConsoleFolderError);
});
