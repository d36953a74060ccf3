import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isInstalled } from './dependencies.js';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-dependencies-'));
  write('package-lock.json', locked);
  write('node_modules/.package-lock.json', installed);
  write('node_modules/node/bin/node', '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const locked = {
  '': { name: 'guildhall' },
  'packages/pki': { version: '0.1.0' },
  'node_modules/@guildhall/pki': { resolved: 'packages/pki', link: true },
  'node_modules/pino': { version: '10.4.0' },
  'node_modules/of-another-machine': { version: '1.0.0', optional: true },
};
const { '': _, 'node_modules/of-another-machine': __, ...installed } = locked;

function write(path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify({ packages: content }));
}

test('what npm has installed completely is not installed again, however it was installed', () => {
  assert.equal(isInstalled(folder), true);
});

test('what was cut short, lacks something, or belongs to another lockfile is installed again', () => {
  const withoutPino = { ...installed };
  delete withoutPino['node_modules/pino'];
  for (const other of [withoutPino, { ...installed, 'node_modules/pino': { version: '10.3.0' } }, { ...installed, 'node_modules/@guildhall/pki': { version: '0.1.0' } }]) {
    write('node_modules/.package-lock.json', other);
    assert.equal(isInstalled(folder), false, JSON.stringify(other));
  }
  write('node_modules/.package-lock.json', installed);
  rmSync(join(folder, 'node_modules/node'), { recursive: true });
  assert.equal(isInstalled(folder), false, 'without Node.js 24');
  rmSync(join(folder, 'node_modules/.package-lock.json'));
  assert.equal(isInstalled(folder), false, 'cut short');
});
