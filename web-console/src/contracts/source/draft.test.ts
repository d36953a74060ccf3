import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { addFile, editFile, isSame, removeFile, renameFile, storedSource, storeSource, wrongPath, type Source } from './draft.ts';

const source: Source = { entry: 'main.ts', files: [{ path: 'main.ts', text: 'a' }, { path: 'parts/note.ts', text: 'b' }] };

test('the entry follows a renamed file', () => {
  assert.deepEqual(renameFile(source, 'main.ts', 'v1.ts'), { entry: 'v1.ts', files: [{ path: 'v1.ts', text: 'a' }, { path: 'parts/note.ts', text: 'b' }] });
});

test('files are edited, added and removed', () => {
  assert.equal(editFile(source, 'main.ts', 'c').files[0]?.text, 'c');
  assert.deepEqual(removeFile(addFile(source, 'x.ts'), 'x.ts'), source);
  assert.ok(!isSame(source, addFile(source, 'x.ts')));
});

test('a path is relative, of TypeScript, and told apart from the others without letter case', () => {
  for (const path of ['', '/main.ts', '../x.ts', 'x.js', 'a b.ts', 'x/.ts']) assert.equal(wrongPath(source, path), 'form', path);
  assert.equal(wrongPath(source, 'Main.ts'), 'taken');
  assert.equal(wrongPath(source, 'Main.ts', 'main.ts'), undefined);
  assert.equal(wrongPath(source, 'parts/b.c.ts'), undefined);
});

test('a draft is kept under its key, and its loss is told', () => {
  const kept = new Map<string, string>();
  const storage = (): Storage => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) }) as unknown as Storage;
  assert.equal(storeSource(storage, 'a', source), true);
  assert.deepEqual([storedSource(storage, 'a'), storedSource(storage, 'b')], [source, undefined]);
  storeSource(storage, 'a', undefined);
  assert.equal(storedSource(storage, 'a'), undefined);
  assert.equal(storeSource(() => { throw new Error('forbidden'); }, 'a', source), false);
});

test('a new contract begins as docs/contracts.md does', () => {
  const text = readFileSync(fileURLToPath(new URL('new-contract.txt', import.meta.url)), 'utf8');
  assert.ok(readFileSync(fileURLToPath(new URL('../../../../docs/contracts.md', import.meta.url)), 'utf8').includes(text));
});
