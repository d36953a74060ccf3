import assert from 'node:assert/strict';
import test from 'node:test';
import { readProcessSettings } from './process-settings.ts';

test('in a pod only the artifact store has to be named', () => {
  const settings = readProcessSettings({ GUILDHALL_ARTIFACT_URL: 'https://guildhall.example' });
  assert.deepEqual(settings.cluster, {
    server: 'https://kubernetes.default.svc',
    tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
    certificateAuthorityFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
  });
  assert.deepEqual(settings.health, { host: '0.0.0.0', port: 8080 });
});

test('everything that is wrong is told at once', () => {
  assert.throws(() => readProcessSettings({ GUILDHALL_LOG_LEVEL: 'loud', GUILDHALL_COLOUR: 'red' }), (error: Error) => {
    for (const words of [/GUILDHALL_LOG_LEVEL must match/, /GUILDHALL_COLOUR is not known/, /GUILDHALL_ARTIFACT_URL is not set/]) assert.match(error.message, words);
    return true;
  });
});
