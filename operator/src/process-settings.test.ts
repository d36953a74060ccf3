import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorSettings, readOperatorSettings } from './process-settings.ts';

test('in a pod only the artifact store has to be named', () => {
  const settings = readOperatorSettings({ GUILDHALL_ARTIFACT_URL: 'https://guildhall.example' });
  assert.deepEqual([settings.GUILDHALL_HEALTH_ADDRESS, settings.GUILDHALL_LEASE_NAMESPACE], [{ host: '0.0.0.0', port: 8080 }, 'guildhall']);
  assert.equal(operatorSettings(settings).artifactUrl, 'https://guildhall.example');
  assert.throws(() => readOperatorSettings({}), /GUILDHALL_ARTIFACT_URL is not set/);
});
