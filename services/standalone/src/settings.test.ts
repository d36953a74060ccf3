import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { readSettings, SettingsError } from './settings.ts';

test('without settings Guildhall keeps to loopback and to a folder of its own', () => {
  assert.deepEqual(readSettings({ PATH: '/bin' }), { home: resolve('.guildhall'), host: '127.0.0.1', port: 4000, logLevel: 'info' });
});

test('a setting that Guildhall does not know is refused by name, with those that it knows', () => {
  assert.throws(() => readSettings({ GUILDHALL_PROT: '1' }), (error: unknown) => error instanceof SettingsError && /unknown: GUILDHALL_PROT.*GUILDHALL_PORT/.test(error.message));
});

test('a value that cannot be is refused with the name of its setting', () => {
  assert.throws(() => readSettings({ GUILDHALL_PORT: '70000' }), /GUILDHALL_PORT/);
});
