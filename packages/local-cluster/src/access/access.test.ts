import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyRule } from '../cluster.ts';
import { createTokenLookup, refusal } from './access.ts';

const kind = { group: 'guildhall.dev', plural: 'nodes', kind: 'Node' };
const ask = (rules: PolicyRule[], more: object = {}) =>
  refusal({ principal: { name: 'operator', rules }, verb: 'get', kind, subresource: '', namespace: 'gh-trade', name: 'peer0', ...more });
const rule = (more: Partial<PolicyRule> = {}): PolicyRule => ({ apiGroups: ['guildhall.dev'], resources: ['nodes'], verbs: ['get'], ...more });

test('what no rule allows is refused, in the words of Kubernetes', () => {
  const refused = ask([]);
  assert.equal(refused?.status.code, 403);
  assert.equal(refused.message, 'nodes.guildhall.dev "peer0" is forbidden: User "operator" cannot get resource "nodes" in API group "guildhall.dev" in the namespace "gh-trade"');
  assert.deepEqual(refused.status.details, { name: 'peer0', group: 'guildhall.dev', kind: 'nodes' });
});

test('a rule must allow group, resource, verb and place at once', () => {
  assert.equal(ask([rule()]), undefined);
  assert.ok(ask([rule({ apiGroups: [''] }), rule({ resources: ['members'] }), rule({ verbs: ['list'] })]));
  assert.ok(ask([rule()], { subresource: 'status' }), 'the status is a resource of its own');
  assert.equal(ask([rule({ resources: ['nodes/status'] })], { subresource: 'status' }), undefined);
  assert.equal(ask([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], { verb: 'delete' }), undefined);
});

test('a rule of some namespaces does not reach others, nor what is in none', () => {
  const own = [rule({ namespaces: ['gh-*'] })];
  assert.equal(ask(own), undefined);
  assert.ok(ask(own, { namespace: 'default' }));
  assert.match(ask(own, { namespace: '', name: '' })?.message ?? '', /at the cluster scope$/);
  assert.equal(ask([rule({ namespaces: ['gh-trade'] })]), undefined);
  assert.ok(ask([rule({ namespaces: ['gh-tra'] })]));
});

test('a rule of some names is of these names only', () => {
  assert.equal(ask([rule({ resourceNames: ['peer0'] })]), undefined);
  assert.ok(ask([rule({ resourceNames: ['peer1'] })]));
  assert.ok(ask([rule({ resourceNames: ['peer1'] })], { name: '' }));
});

test('a token belongs to whom it was given', () => {
  const find = createTokenLookup([{ name: 'a', token: 'x'.repeat(32), rules: [] }, { name: 'b', token: 'y'.repeat(32), rules: [] }]);
  assert.equal(find('y'.repeat(32))?.name, 'b');
  assert.equal(find('y'.repeat(31)), undefined);
  assert.equal(find(''), undefined);
});
