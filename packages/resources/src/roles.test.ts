import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { componentRoles, group, type Component, type ComponentRole, type PolicyRule } from './index.ts';
import { rolesFile } from './roles-file.ts';

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
    monitor: [],
  });
});

test('Secrets of consortia and members are for the operator alone, one by one', () => {
  for (const component of Object.keys(componentRoles) as Component[]) {
    assert.deepEqual(rulesOf(component, 'secrets', '').toSorted(), component === 'operator' ? ['create', 'delete', 'get', 'patch'] : [], component);
    assert.ok(!componentRoles[component].cluster.some(({ resources }: PolicyRule) => resources.includes('secrets')), component);
  }
});

test("in Guildhall's own namespace everybody reads and changes only what is named, and leases in consortia too", () => {
  for (const [component, { cluster, consortia, own }] of Object.entries(componentRoles) as [Component, ComponentRole][]) {
    const leasesInConsortia = consortia.filter(({ resources }) => resources.includes('leases'));
    for (const rule of [...own, ...leasesInConsortia]) assert.ok(rule.resourceNames !== undefined || rule.verbs.join() === 'create', component);
    const others = [...cluster, ...consortia.filter((rule) => !leasesInConsortia.includes(rule))];
    assert.ok(!others.some(({ resources, resourceNames, verbs }) => resources.includes('leases') || (resourceNames !== undefined && verbs.join() !== 'get')), component);
  }
});

test('the monitor reads, and may do nothing else', () => {
  const { cluster, consortia, own, kubernetes }: ComponentRole = componentRoles.monitor;
  assert.deepEqual(cluster.flatMap(({ verbs }) => verbs).filter((verb) => !reading.has(verb)), []);
  assert.deepEqual([...consortia, ...own, ...kubernetes], []);
});

test('only the ledger gateway has tokens judged', () => {
  for (const component of Object.keys(componentRoles) as Component[])
    assert.deepEqual(rulesOf(component, 'tokenreviews', 'authentication.k8s.io'), component === 'ledgerGateway' ? ['create'] : [], component);
});

test('the roles in the chart are these', async () => {
  const file = new URL('../../../charts/guildhall/files/roles.yaml', import.meta.url);
  assert.equal(await readFile(file, 'utf8'), rolesFile(), 'it differs: npm run print-charts -w packages/resources');
});

test('nobody gives access but the control plane, and only the roles of components in consortia', () => {
  for (const [component, { cluster, consortia, own, kubernetes }] of Object.entries<ComponentRole>(componentRoles)) {
    const giving = [...cluster, ...consortia, ...own, ...kubernetes].filter(({ apiGroups }) => apiGroups.includes('rbac.authorization.k8s.io'));
    if (component !== 'controlPlane') assert.deepEqual(giving, [], component);
    for (const { resources, verbs, resourceNames } of giving) {
      assert.ok(!verbs.includes('escalate') && !verbs.includes('impersonate') && !resources.includes('clusterrolebindings'));
      if (verbs.includes('bind')) assert.deepEqual(resourceNames?.every((name) => name.endsWith('-in-consortia')), true);
    }
  }
});

test('a role names what it allows: nothing is granted by a star', () => {
  for (const [component, { cluster, consortia, own, kubernetes }] of Object.entries<ComponentRole>(componentRoles)) {
    for (const rule of [...cluster, ...consortia, ...own, ...kubernetes]) assert.ok(![...rule.apiGroups, ...rule.resources, ...rule.verbs].includes('*'), component);
  }
});
