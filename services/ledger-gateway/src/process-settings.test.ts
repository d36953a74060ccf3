import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readGatewaySettings } from './process-settings.ts';

test('in a pod only who may call has to be named', () => {
  const settings = readGatewaySettings({ GUILDHALL_ALLOWED_CALLERS: 'guildhall/guildhall-control-plane,tools/reader' });
  assert.deepEqual([...settings.GUILDHALL_ALLOWED_CALLERS], ['system:serviceaccount:guildhall:guildhall-control-plane', 'system:serviceaccount:tools:reader']);
  assert.deepEqual([settings.GUILDHALL_LISTEN_ADDRESS, settings.GUILDHALL_NAMESPACE], [{ host: '0.0.0.0', port: 7443 }, 'guildhall']);
});

test('nobody may call by default, and a list that is none is refused', () => {
  assert.throws(() => readGatewaySettings({}), /GUILDHALL_ALLOWED_CALLERS is not set/);
  for (const list of ['*', 'guildhall-control-plane', 'guildhall/', 'a/b, c/d', 'a/b,', 'a/b/c', 'A/b', 'system:serviceaccount:a:b'])
    assert.throws(() => readGatewaySettings({ GUILDHALL_ALLOWED_CALLERS: list }), /GUILDHALL_ALLOWED_CALLERS is no list/, list);
});
