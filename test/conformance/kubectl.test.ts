import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { consortium, kinds } from '@guildhall/resources';
import { installDefinitions } from './definitions.ts';
import { startKubernetes } from './kubernetes.ts';
import { findPrograms } from './programs.ts';
import { specs } from './samples.ts';
import { anyType } from './scenarios/scenario.ts';

const { bin, skip: lacking } = await findPrograms();

/** What a person sees of our kinds with Kubernetes' own tool. */
describe('kubectl', { skip: lacking }, () => {
  let cluster: Awaited<ReturnType<typeof startKubernetes>>;
  let namespace = '';
  const type = anyType(consortium.type);
  const kubectl = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, '--cache-dir', cluster.folder, ...args], { encoding: 'utf8', timeout: 180_000 });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  before(async () => {
    cluster = await startKubernetes(bin);
    await installDefinitions(cluster);
    namespace = await cluster.namespace();
    await cluster.client('tester').create(type, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] });
  });
  after(() => cluster?.stop());

  test('every definition is established', () => {
    const all = kinds.map((kind) => `crd/${kind.type.plural}.${kind.type.group}`);
    assert.equal(kubectl('wait', '--for=condition=Established', '--timeout=60s', ...all).trim().split('\n').length, kinds.length);
  });

  test('get shows the columns, by kind, short name and category', () => {
    const [header = '', row = ''] = kubectl('get', 'consortia', '-n', namespace).split('\n');
    assert.deepEqual(header.trim().split(/\s{2,}/), ['NAME', 'PROFILE', 'MEMBERS', 'NODES', 'UP', 'READY', 'REASON', 'AGE']);
    assert.match(row, /^trade\s+production/);
    assert.match(kubectl('get', 'cons', '-n', namespace, '-o', 'name'), /consortium\.guildhall\.dev\/trade/);
    assert.match(kubectl('get', 'guildhall', '-n', namespace, '-o', 'name'), /consortium\.guildhall\.dev\/trade/);
  });

  test('wait sees the condition that the operator writes', async () => {
    await cluster.client('operator').applyStatus(type, {
      metadata: { name: 'trade', namespace },
      status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'it is', lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: 1 }] },
    });
    assert.match(kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'consortium/trade', '-n', namespace), /condition met/);
    assert.match(kubectl('get', 'consortia', '-n', namespace), /trade\s+production\s+True\s+Ready/);
  });

  test('explain knows the fields', () => {
    assert.match(kubectl('explain', 'consortium.spec.members'), /mspId\s+<string> -required-/);
  });
});
