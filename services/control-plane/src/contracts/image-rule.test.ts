import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageProblem, type ImageRegistries } from './image-rule.ts';

const refusal = (name: string, registries: ImageRegistries): string | undefined => imageProblem(`${name}@sha256:${'ab'.repeat(32)}`, registries)?.code;

test('an image is allowed by its registry, a part of that, or its very name', () => {
  for (const allowed of ['registry.example', 'registry.example/team', 'registry.example/team/notary']) {
    assert.equal(refusal('registry.example/team/notary', [allowed]), undefined, allowed);
    assert.equal(refusal('registry.example/team/notary', ['other.example', allowed]), undefined);
  }
});

test('names that only begin alike, and everything else, are refused', () => {
  for (const allowed of ['registry.exam', 'registry.example/te', 'registry.example/team/notary/more', 'example']) {
    assert.equal(refusal('registry.example/team/notary', [allowed]), 'FORBIDDEN', allowed);
  }
  assert.equal(refusal('registry.example:5000/team/notary', ['registry.example']), 'FORBIDDEN', 'another port is another registry');
  assert.equal(refusal('registry.example/team/notary', []), 'FORBIDDEN');
});

test('without containers no image runs, and that is said', () => {
  const problem = imageProblem(`registry.example/notary@sha256:${'ab'.repeat(32)}`, undefined);
  assert.match(problem?.message ?? '', /runs on one machine without containers/);
});
