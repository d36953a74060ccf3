import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from './settings.ts';

const complete = {
  GUILDHALL_ARTIFACT_DIGEST: `sha256:${'0a'.repeat(32)}`,
  GUILDHALL_ARTIFACT_URL: 'http://127.0.0.1:4000/artifacts/sha256/0a',
  GUILDHALL_ARTIFACT_CACHE: '/cache',
  GUILDHALL_CONTRACT_ADDRESS: '127.1.2.3:9999',
  GUILDHALL_HEALTH_ADDRESS: '127.1.2.3:8080',
  GUILDHALL_PACKAGE_ID: `receivable_1.0.0-0a0a0a0a0a0a0a0a:${'0b'.repeat(32)}`,
};

test('settings come from the environment', () => {
  assert.deepEqual(readSettings({ ...complete, PATH: '/bin', GUILDHALL_SERVICE_HOST: '10.96.0.1' }).healthAddress, {
    host: '127.1.2.3',
    port: 8080,
  });
  assert.equal(readSettings(complete).tls, undefined);
});

test('what is missing or malformed is named', () => {
  for (const name of Object.keys(complete))
    assert.throws(() => readSettings({ ...complete, [name]: undefined }), new RegExp(`${name} is not set`));
  assert.throws(() => readSettings({ ...complete, GUILDHALL_ARTIFACT_DIGEST: 'sha256:no' }), /GUILDHALL_ARTIFACT_DIGEST must match/);
  assert.throws(() => readSettings({ ...complete, GUILDHALL_CONTRACT_TLS_KEY_FILE: '/key.pem' }), /go together/);
});
