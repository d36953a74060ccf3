import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clusterSettings } from './cluster.ts';
import { readDatabaseUrl, readSettings, setting, SettingsError } from './settings.ts';

test('in a pod nothing of the cluster has to be named', () => {
  assert.deepEqual(readSettings(clusterSettings, { PATH: '/bin' }), { GUILDHALL_CLUSTER_TOKEN_FILE: '/var/run/secrets/kubernetes.io/serviceaccount/token' });
});

test('everything that is wrong, missing or unknown is told at once, by name and without its value', () => {
  const shape = { GUILDHALL_LOG_LEVEL: setting.logLevel, GUILDHALL_PORT: setting.port, GUILDHALL_DATABASE_URL: setting.databaseUrl, GUILDHALL_SITE: setting.url };
  assert.throws(() => readSettings(shape, { GUILDHALL_LOG_LEVEL: 'loud', GUILDHALL_COLOUR: 'red', GUILDHALL_DATABASE_URL: 'mysql://user:s3cret@host', GUILDHALL_SITE: '' }), (error: unknown) => {
    assert.ok(error instanceof SettingsError);
    for (const words of [/GUILDHALL_LOG_LEVEL is no level: give one of trace/, /unknown: GUILDHALL_COLOUR; known are GUILDHALL_LOG_LEVEL/, /GUILDHALL_PORT is not set/, /GUILDHALL_DATABASE_URL is no address of a PostgreSQL/, /GUILDHALL_SITE is not set/]) assert.match(error.message, words);
    assert.doesNotMatch(error.message, /s3cret/);
    return true;
  });
});

test('addresses are whole, and end without a slash', () => {
  const read = (value: string) => readSettings({ GUILDHALL_SITE: setting.url }, { GUILDHALL_SITE: value });
  for (const value of ['https://a.example', 'http://10.0.0.1:80/base']) assert.equal(read(value).GUILDHALL_SITE, value);
  for (const value of ['a.example', 'https://a.example/', 'ftp://a.example', 'https://']) assert.throws(() => read(value), /is no address/, value);
});

test('an origin is a site without a path', () => {
  const read = (value: string) => readSettings({ GUILDHALL_SITE: setting.origin }, { GUILDHALL_SITE: value }).GUILDHALL_SITE.origin;
  for (const value of ['https://guildhall.example', 'https://guildhall.example/', 'https://Guildhall.Example:8443']) assert.equal(read(value), new URL(value).origin);
  for (const value of ['guildhall.example', 'https://guildhall.example/console', 'https://user:secret@guildhall.example']) assert.throws(() => read(value), /GUILDHALL_SITE is no address of a site: give one such as https:/, value);
});

test('the address of a database is read from its file, and told to nobody', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-settings-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'url');
  assert.throws(() => readDatabaseUrl(file), (error) => error instanceof SettingsError && error.message === `${file} cannot be read (ENOENT): it is to hold the address of the database`);
  writeFileSync(file, 'mysql://root:s3cret@host');
  assert.throws(() => readDatabaseUrl(file), (error) => error instanceof SettingsError && /url is no address of a PostgreSQL database/.test(error.message) && !error.message.includes('s3cret'));
  writeFileSync(file, 'postgres://user:s3cret@host/name\n');
  assert.equal(readDatabaseUrl(file), 'postgres://user:s3cret@host/name');
});
