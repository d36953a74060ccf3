import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { SettingsError } from '@guildhall/process';
import { readSettings } from './settings.ts';

test('without settings Guildhall keeps to loopback and to a folder of its own', () => {
  assert.deepEqual(readSettings({ PATH: '/bin' }), { home: resolve('.guildhall'), host: '127.0.0.1', port: 4000, logLevel: 'info' });
});

test('a setting that Guildhall does not know is refused by name, with those that it knows', () => {
  assert.throws(() => readSettings({ GUILDHALL_PROT: '1' }), (error: unknown) => error instanceof SettingsError && /unknown: GUILDHALL_PROT.*GUILDHALL_PORT/.test(error.message));
});

test('the address before a proxy is the origin of a site', () => {
  for (const value of ['https://guildhall.example', 'https://guildhall.example/', 'http://10.0.0.5:8080', 'https://Guildhall.Example:8443']) assert.equal(readSettings({ GUILDHALL_PUBLIC_URL: value }).publicUrl?.origin, new URL(value).origin);
  for (const value of ['guildhall.example', 'ftp://guildhall.example', 'https://guildhall.example/console', 'https://user:secret@guildhall.example', 'https://guildhall.example/?a', 'https://guildhall.example/#a', 'javascript:alert(1)', ' ']) {
    assert.throws(() => readSettings({ GUILDHALL_PUBLIC_URL: value }), /GUILDHALL_PUBLIC_URL is no address of a site: give one such as https:/, value);
  }
});

test('a value that cannot be is refused with the name of its setting', () => {
  for (const value of ['70000', '-1', '80.5', '0x50', 'http', '1e3', ' 80']) {
    assert.throws(() => readSettings({ GUILDHALL_PORT: value }), /GUILDHALL_PORT is no port: give a whole number from 0 \(any free one\) to 65535/, value);
  }
  assert.throws(() => readSettings({ GUILDHALL_LOG_LEVEL: 'loud' }), /GUILDHALL_LOG_LEVEL is no level: give one of trace, debug, info/);
  assert.equal(readSettings({ GUILDHALL_PORT: '0' }).port, 0);
});
