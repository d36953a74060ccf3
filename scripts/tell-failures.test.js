import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const reporter = fileURLToPath(new URL('tell-failures.js', import.meta.url));

test('each failure is told once, with its place and its reason, and nothing of what passed', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-tell-failures-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'story.test.mjs');
  writeFileSync(file, `import { before, describe, test } from 'node:test';
test('passes', () => {});
describe('outer', () => {
  test('inner', () => { throw new Error('the inner reason'); });
});
describe('never begins', () => {
  before(() => { throw new Error('the reason of the hook'); });
  test('cannot run', () => {});
});
`);
  const env = { ...process.env };
  delete env.NODE_TEST_CONTEXT;
  const { stdout, status } = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`, file], { encoding: 'utf8', env });
  assert.equal(status, 1);
  assert.match(stdout, /story\.test\.mjs:4 inner\n.*the inner reason/);
  assert.match(stdout, /the reason of the hook/);
  assert.doesNotMatch(stdout, /passes|✖ .* outer/);
  assert.equal(stdout.match(/✖ .* inner/g).length, 1);
});
