import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChromiumMissingError, findChromium } from './chromium.js';

test('the browser that is named, else the usual one, else one on PATH; none is said with the way out', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-chromium-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = (name, mode = 0o755) => {
    writeFileSync(join(folder, name), '', { mode });
    return join(folder, name);
  };
  const [usual, named, onPath] = [program('usual'), program('named'), program('chromium')];
  const PATH = `/nowhere:${folder}`;
  assert.equal(findChromium({ GUILDHALL_CHROMIUM: named, PATH }, usual), named);
  assert.equal(findChromium({ PATH }, usual), usual);
  assert.equal(findChromium({ PATH }, join(folder, 'none')), onPath);
  assert.throws(() => findChromium({}, join(folder, 'none')), (error) => error instanceof ChromiumMissingError && /apt-get install -y chromium/.test(error.message));
  assert.throws(() => findChromium({ GUILDHALL_CHROMIUM: program('text', 0o644), PATH }, usual), /GUILDHALL_CHROMIUM is .*no program/);
});
