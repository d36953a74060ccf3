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

test('npm ci finds an entry for every optional dependency, those of other platforms too', () => {
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      const found = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((candidate) => candidate in packages);
      assert.ok(found, `${name} of ${path} has no entry: npm leaves it out when the registry does not have it, and npm ci then fails`);
    }
  }
});
