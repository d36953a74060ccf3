import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

test('libraries whose flaws let certificates be forged are not among the dependencies', () => {
  for (const name of ['node-forge', 'jsrsasign']) {
    assert.deepEqual(Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`)), []);
  }
});

test('nothing comes from anywhere but the registry that npm is set to', () => {
  for (const [path, { resolved, link }] of Object.entries(packages)) {
    assert.ok(resolved === undefined || link, `${path} is bound to ${resolved}`);
  }
});
