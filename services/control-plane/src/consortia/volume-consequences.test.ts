import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node } from '@guildhall/resources';
import type { NodeInput } from './consortium-input.ts';
import { objectBuilder } from './consortium-resources.ts';
import { nodeSpec, type NodeDefaults } from './node-spec.ts';
import { volumeConsequences } from './volume-consequences.ts';

const made = (member: string, input: NodeInput, defaults: Partial<NodeDefaults> = {}) => objectBuilder('trade').inMember(member)(node, input.name, nodeSpec(member, input, { exposure: 'Local', ...defaults }));

test('volumes take the class that the input names, else that of the installation, else the cluster’s default', () => {
  const peer: NodeInput = { name: 'peer0', role: 'peer' };
  assert.deepEqual(made('bank', { ...peer, storage: '2Gi', storageClass: 'fast' }, { storageClass: 'usual' }).spec.storage, { size: '2Gi', className: 'fast' });
  assert.deepEqual(made('bank', peer, { storageClass: 'usual' }).spec.storage, { size: '10Gi', className: 'usual' });
  assert.deepEqual(made('bank', peer).spec.storage, { size: '10Gi' });
});

test('each class is told with its nodes, and the cluster’s default is not worth a word', () => {
  const nodes = [made('core', { name: 'peer0', role: 'peer', storageClass: 'fast' }), made('core', { name: 'orderer0', role: 'orderer' }), made('bank', { name: 'peer0', role: 'peer', storageClass: 'fast' })];
  assert.deepEqual(volumeConsequences(nodes), ['Storage class fast: the volumes of core/peer0, bank/peer0. It cannot be changed later.']);
});
