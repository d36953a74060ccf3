import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readPrincipals, readPrivate, readPrograms, readSettings } from './config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const paths = { home: '/h', connectionFile: '/c', principalsFile: '/p', keyFile: '/k' };
function write(value: unknown, mode = 0o600): string {
  const file = join(folder, 'file.json');
  rmSync(file, { force: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value), { mode });
  return file;
}

test('what is not said has a default', () => {
  assert.partialDeepStrictEqual(readSettings(write(paths)), { listen: { host: '127.0.0.1', port: 0 }, programs: {}, logs: { maxFiles: 5 }, logLevel: 'info' });
  assert.deepEqual([...readPrograms(write({ ...paths, programs: { peer: { command: ['peer'] } } }))], [['peer', { command: ['peer'] }]]);
});

test('every wrong and unknown field is named, with the file', () => {
  const file = write({ ...paths, home: 'relative', listen: { host: '0.0.0.0' }, extra: 1 });
  assert.throws(() => readSettings(file), { code: 'INVALID_SETTINGS', message: new RegExp(`${file}.*home: must be an absolute path.*listen.host: must be a loopback address.*extra`) });
});

test('a file with secrets must be closed to others, and is never quoted', () => {
  const principals = [{ name: 'operator', token: 'x'.repeat(64), rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }];
  assert.deepEqual(readPrincipals(write(principals)), principals);
  assert.throws(() => readPrincipals(write(principals, 0o644)), { code: 'INVALID_SETTINGS', message: /mode 644.*chmod 600/ });
  assert.throws(() => readPrincipals(write('[{"token": "secret-token"')), ({ message }: Error) => /is not JSON/.test(message) && !message.includes('secret-token'));
  assert.throws(() => readPrincipals(write([{ name: 'operator', token: 'secret-token', rules: [] }])), ({ message }: Error) => /0.token/.test(message) && !message.includes('secret-token'));
  assert.equal(readPrivate(write('postgres://a\n')), 'postgres://a');
});
