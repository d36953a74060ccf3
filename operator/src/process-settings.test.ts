import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operatorSettings, readOperatorSettings } from './process-settings.ts';

test('in a pod only the artifact store has to be named', () => {
  const settings = readOperatorSettings({ GUILDHALL_ARTIFACT_URL: 'https://guildhall.example' });
  assert.deepEqual([settings.GUILDHALL_HEALTH_ADDRESS, settings.GUILDHALL_LEASE_NAMESPACE], [{ host: '0.0.0.0', port: 8080 }, 'guildhall']);
  assert.equal(operatorSettings(settings).artifactUrl, 'https://guildhall.example');
  assert.throws(() => readOperatorSettings({}), /GUILDHALL_ARTIFACT_URL is not set/);
});

test('nodes are reached from outside where a domain is set, and through a gateway where one is', () => {
  const exposureOf = (more: Record<string, string>) => operatorSettings(readOperatorSettings({ GUILDHALL_ARTIFACT_URL: 'https://guildhall.example', ...more })).exposure;
  assert.equal(exposureOf({ GUILDHALL_GATEWAY: 'gateways/ledgers' }), undefined);
  assert.deepEqual(exposureOf({ GUILDHALL_EXPOSURE_DOMAIN: 'ledger.example' }), { domain: 'ledger.example' });
  assert.deepEqual(exposureOf({ GUILDHALL_EXPOSURE_DOMAIN: 'ledger.example', GUILDHALL_GATEWAY: 'gateways/ledgers', GUILDHALL_TLS_ROUTE_VERSION: 'v1alpha3' }), {
    domain: 'ledger.example', gateway: { namespace: 'gateways', name: 'ledgers', port: 443, version: 'v1alpha3' },
  });
  assert.throws(() => exposureOf({ GUILDHALL_EXPOSURE_DOMAIN: '*.ledger.example' }), /GUILDHALL_EXPOSURE_DOMAIN is no domain/);
});

test('where pods of nodes and contracts may be is said in JSON, and what does not fit is refused with its place, never with what it says', () => {
  const placementOf = (text?: string) => operatorSettings(readOperatorSettings({ GUILDHALL_ARTIFACT_URL: 'https://guildhall.example', ...(text === undefined ? {} : { GUILDHALL_PLACEMENT: text }) })).placement;
  assert.equal(placementOf(), undefined);
  const wanted = { nodeSelector: { pool: 'ledgers' }, tolerations: [{ key: 'pool', operator: 'Exists', effect: 'NoSchedule' }], priorityClassName: 'ledgers' };
  assert.deepEqual(placementOf(JSON.stringify(wanted)), wanted);
  for (const [text, told] of [
    ['pool=ledgers', /GUILDHALL_PLACEMENT is no placement: give an object in JSON/],
    ['{"tolerations":[{"key":"pool","effect":"Never"}]}', /wrong is tolerations\.0\.effect$/m],
    ['{"nodeSelector":{}}', /each only if it is not empty; wrong is nodeSelector$/m],
    ['{"affinity":{}}', /is no placement/],
  ] as const) assert.throws(() => placementOf(text), told, text);
});
