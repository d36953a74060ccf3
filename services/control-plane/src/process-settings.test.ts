import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readControlPlaneSettings } from './process-settings.ts';

const least = { GUILDHALL_DATABASE_URL_FILE: '/etc/database/url', GUILDHALL_LEDGER_GATEWAY_URL: 'https://guildhall-ledger-gateway.guildhall.svc:7443' };

test('in a pod only the database and the gateway have to be named', () => {
  const settings = readControlPlaneSettings(least);
  assert.deepEqual([settings.GUILDHALL_LISTEN_ADDRESS, settings.GUILDHALL_EXPOSURE, settings.GUILDHALL_PUBLIC_URL], [{ host: '0.0.0.0', port: 4000 }, 'ClusterDNS', undefined]);
  assert.throws(() => readControlPlaneSettings({}), /GUILDHALL_DATABASE_URL_FILE is not set\n.*GUILDHALL_LEDGER_GATEWAY_URL is not set/s);
});

test('what cannot be is named with what can', () => {
  assert.throws(() => readControlPlaneSettings({ ...least, GUILDHALL_EXPOSURE: 'Everywhere' }), /GUILDHALL_EXPOSURE is no exposure: give one of Local, ClusterDNS/);
  assert.throws(() => readControlPlaneSettings({ ...least, GUILDHALL_STORAGE_CLASS: 'Fast SSD' }), /GUILDHALL_STORAGE_CLASS is no name of a storage class/);
  assert.throws(() => readControlPlaneSettings({ ...least, GUILDHALL_PUBLIC_URL: 'https://guildhall.example/path' }), /GUILDHALL_PUBLIC_URL is no address of a site/);
  assert.throws(() => readControlPlaneSettings({ ...least, GUILDHALL_LISTEN_ADDRESS: '4000' }), /GUILDHALL_LISTEN_ADDRESS is no address to listen on/);
});
