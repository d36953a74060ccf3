import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiProblem } from '../errors.ts';
import { parseInput } from '../validation.ts';
import { deployContractInput } from './contract-input.ts';

const main = { path: 'main.ts', text: '' };
const pathsOf = (code: Record<string, unknown>): (string | undefined)[] => {
  try {
    parseInput(deployContractInput, { consortium: 'a', channel: 'c', name: 'n', ...code });
    return [];
  } catch (error) {
    assert.ok(error instanceof ApiProblem, String(error));
    return error.problems.map(({ path }) => path);
  }
};
const ofFiles = (files: unknown[], entry = 'main.ts'): (string | undefined)[] => pathsOf({ version: '1', source: { files, entry } });

test('a source of several files passes', () => {
  assert.deepEqual(ofFiles([main, { path: 'parts/a-b_c.d.ts', text: 'x' }]), []);
});

test('a path that leads elsewhere, or twice to the same, is refused where it stands', () => {
  for (const path of ['../a.ts', '/etc/a.ts', 'a/../b.ts', './a.ts', '.hidden.ts', 'a//b.ts', 'a\\b.ts', 'a.js', 'tsconfig.json', 'ä.ts', 'a b.ts', '']) {
    assert.deepEqual(ofFiles([main, main, { path, text: '' }]).at(0), 'source.files[2].path', path);
  }
  assert.deepEqual(ofFiles([main, { path: 'a.ts', text: '' }, { path: 'a.ts', text: '' }]), ['source.files[2].path']);
});

test('too much, and what no source holds, is refused', () => {
  assert.deepEqual(ofFiles([main, { path: 'a.ts', text: 'x'.repeat(200_001) }]), ['source.files[1].text']);
  assert.deepEqual(ofFiles([main, { path: 'a.ts', text: 'a\0b' }]), ['source.files[1].text']);
  assert.deepEqual(ofFiles([main, ...['a', 'b', 'c'].map((name) => ({ path: `${name}.ts`, text: 'x'.repeat(170_000) }))]), ['source.files']);
  assert.equal(ofFiles(Array.from({ length: 51 }, (_, index) => ({ path: `${index}.ts`, text: '' }))).at(0), 'source.files');
  assert.equal(ofFiles([]).at(0), 'source.files');
});

test('the entry is one of the files, and code has one origin', () => {
  assert.deepEqual(ofFiles([main], 'other.ts'), ['source.entry']);
  assert.deepEqual(pathsOf({}), ['source']);
  assert.deepEqual(pathsOf({ template: 't', version: '1', source: { files: [main], entry: 'main.ts' } }), ['source']);
  assert.deepEqual(pathsOf({ source: { files: [main], entry: 'main.ts' } }), ['version']);
  const image = `registry.example/notary@sha256:${'ab'.repeat(32)}`;
  assert.deepEqual(pathsOf({ image, version: '1' }), []);
  assert.deepEqual(pathsOf({ image }), ['version']);
  assert.deepEqual(pathsOf({ image, template: 't' }), ['image', 'version']);
});
