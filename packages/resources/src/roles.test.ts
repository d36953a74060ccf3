import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentRoles, group, type Component, type ComponentRole, type PolicyRule } from './index.ts';

const rulesOf = (component: Component, resource: string, apiGroup: string = group): string[] =>
  [...componentRoles[component].cluster, ...componentRoles[component].consortia]
    .filter(({ apiGroups, resources }: PolicyRule) => apiGroups.includes(apiGroup) && resources.includes(resource))
    .flatMap(({ verbs }) => verbs);
const reading = new Set(['get', 'list', 'watch']);

test('nobody but the control plane writes what a member consents to', () => {
  for (const component of Object.keys(componentRoles) as Component[]) {
    if (component === 'controlPlane') continue;
    for (const intent of ['members', 'channelmemberships', 'contractinstallations']) {
      assert.deepEqual(rulesOf(component, intent).filter((verb) => !reading.has(verb)), [], `${component} ${intent}`);
    }
  }
});

test('a certificate that lasts is asked for by the control plane alone, answered by the certificate authority alone, and not even seen by others', () => {
  const allowed = Object.fromEntries(
    (Object.keys(componentRoles) as Component[]).map((component) => [
      component,
      [...rulesOf(component, 'clientidentities'), ...rulesOf(component, 'clientidentities/status').map((verb) => `${verb} status`)],
    ]),
  );
  assert.deepEqual(allowed, {
    controlPlane: ['get', 'list', 'watch', 'create', 'delete'],
    operator: [],
    certificateAuthority: ['get', 'list', 'watch', 'patch status'],
    ledgerGateway: [],
  });
});

test('Secrets of consortia and members are for the operator alone, one by one', () => {
  for (const component of Object.keys(componentRoles) as Component[]) {
    assert.deepEqual(rulesOf(component, 'secrets', '').toSorted(), component === 'operator' ? ['create', 'delete', 'get', 'patch'] : [], component);
    assert.ok(!componentRoles[component].cluster.some(({ resources }: PolicyRule) => resources.includes('secrets')), component);
  }
});

test("in Guildhall's own namespace everybody reads and changes only what is named, and leases are nowhere else", () => {
  for (const [component, { cluster, consortia, own }] of Object.entries(componentRoles) as [Component, ComponentRole][]) {
    for (const rule of own) assert.ok(rule.resourceNames !== undefined || rule.verbs.join() === 'create', component);
    assert.ok(![...cluster, ...consortia].some(({ resources, resourceNames }) => resources.includes('leases') || resourceNames !== undefined), component);
  }
});

test('only the ledger gateway has tokens judged', () => {
  for (const component of Object.keys(componentRoles) as Component[])
    assert.deepEqual(rulesOf(component, 'tokenreviews', 'authentication.k8s.io'), component === 'ledgerGateway' ? ['create'] : [], component);
});

test('a role names what it allows: nothing is granted by a star', () => {
  for (const [component, { cluster, consortia, own }] of Object.entries(componentRoles)) {
    for (const rule of [...cluster, ...consortia, ...own]) assert.ok(![...rule.apiGroups, ...rule.resources, ...rule.verbs].includes('*'), component);
  }
});
