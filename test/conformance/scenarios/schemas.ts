import assert from 'node:assert/strict';
import { crd, kinds } from '@guildhall/resources';
import type { Parsed } from '../cluster-under-test.ts';
import { specs } from '../samples.ts';
import { anyType, eventually, refusal, scenario, type Scenario, type Thing } from './scenario.ts';

interface Found {
  kind: string;
  /** `spec.members`, or empty for the object itself. */
  path: string;
}
interface Rule extends Found {
  rule: string;
  message: string;
}
interface Default extends Found {
  value: unknown;
}

/** Every rule and every default of our definitions, so that none goes untested. */
function inventory(): { rules: Rule[]; defaults: Default[] } {
  const rules: Rule[] = [];
  const defaults: Default[] = [];
  const walk = (kind: string, schema: Record<string, Parsed>, path: string): void => {
    for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) rules.push({ kind, path, rule, message });
    if ('default' in schema) defaults.push({ kind, path, value: schema['default'] });
    for (const [field, child] of Object.entries<Record<string, Parsed>>(schema['properties'] ?? {})) walk(kind, child, path ? `${path}.${field}` : field);
    if (schema['items']) walk(kind, schema['items'], `${path}[]`);
    if (typeof schema['additionalProperties'] === 'object') walk(kind, schema['additionalProperties'], `${path}{}`);
  };
  for (const kind of kinds) {
    const { spec } = crd(kind) as Record<string, Parsed>;
    walk(kind.type.kind, spec.versions[0].schema.openAPIV3Schema, '');
  }
  return { rules, defaults };
}

const { rules, defaults } = inventory();

/** How each rule is broken: on creation by the name or the spec, on update by a patch of the spec. */
type Breaking = { name: string } | { spec: Record<string, unknown> } | { patch: Record<string, unknown> } | { unbreakable: string };
const breaking: Record<string, Breaking> = {
  'Consortium spec.ledger': { unbreakable: 'there is one engine' },
  'Consortium spec.profile': { patch: { profile: 'sandbox' } },
  'Consortium spec.members': { spec: { members: ['a', 'b'].map((name) => ({ name, mspId: 'SameMSP', namespace: 'n' })) } },
  'Member spec.consortium': { patch: { consortium: { name: 'other' } } },
  'Member spec.mspId': { patch: { mspId: 'OtherMSP' } },
  'Member spec.certificateAuthority': { unbreakable: 'there is one kind of certificate authority' },
  'Node ': { name: 'a--b' },
  'Node spec.member': { patch: { member: 'bank' } },
  'Node spec.role': { patch: { role: 'orderer' } },
  'Node spec.storage': { patch: { storage: { className: 'other' } } },
  'Node spec.storage.size': { patch: { storage: { size: '9216Mi' } } },
  'Node spec.exposure': { patch: { exposure: 'Local' } },
  'Channel ': { name: '1st' },
  'Channel spec.members': { patch: { members: [{ name: 'acme' }, { name: 'bank' }] } },
  'Channel spec.orderers': { patch: { orderers: [{ member: 'acme', node: 'orderer1' }] } },
  'Channel spec.ordering': { patch: { ordering: { tickMs: 100 } } },
  'Channel spec.policies': { patch: { policies: { endorsement: 'ANY Endorsement' } } },
  'ChannelMembership spec': { spec: { anchorPeers: ['peer9'] } },
  'ChannelMembership spec.channel': { patch: { channel: { name: 'other' } } },
  'Contract ': { name: 'a--b' },
  'Contract spec': { spec: { image: `registry.example/notary@sha256:${'a'.repeat(64)}` } },
  'Contract spec.channel': { patch: { channel: 'other' } },
  'ContractInstallation spec': { spec: { image: `registry.example/notary@sha256:${'a'.repeat(64)}` } },
  'ContractInstallation spec.contract': { patch: { contract: { name: 'other' } } },
  'ClientIdentity ': { name: 'guildhall-erp' },
  'ClientIdentity spec': { patch: { csr: 'OTHER' } },
  'CertificateRequest spec': { patch: { csr: 'OTHER' } },
  'SigningRequest spec': { patch: { message: 'BB==' } },
};

const kindOf = (name: string): (typeof kinds)[number] => {
  const found = kinds.find(({ type }) => type.kind === name);
  assert.ok(found, name);
  return found;
};
const thing = (kind: string, namespace: string, more: Record<string, unknown> = {}, name = 'thing'): Thing & { metadata: { name: string; namespace: string } } =>
  ({ metadata: { name, namespace }, spec: { ...specs[kind], ...more } }) as never;

const everyRule = scenario('each rule of our definitions has an example that breaks it', async () => {
  assert.deepEqual([...new Set(rules.map(({ kind, path }) => `${kind} ${path}`))].sort(), Object.keys(breaking).sort());
});

const ruleScenarios = rules.flatMap(({ kind, path, message }) => {
  const how = breaking[`${kind} ${path}`];
  if (!how || 'unbreakable' in how) return [];
  return scenario(`${kind} ${path || 'name'}: ${message}`, async (cluster) => {
    const client = cluster.client('tester');
    const namespace = await cluster.namespace();
    const type = anyType(kindOf(kind).type);
    const refused = refusal(422, 'Invalid', new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), [path || '<nil>']);
    if ('patch' in how) {
      await client.create(type, thing(kind, namespace));
      await assert.rejects(client.mergePatch(type, { namespace, name: 'thing' }, { spec: how.patch }), refused);
    } else {
      await assert.rejects(client.create(type, 'name' in how ? thing(kind, namespace, {}, how.name) : thing(kind, namespace, how.spec)), refused);
    }
  });
});

const at = (object: unknown, path: string): unknown => path.split('.').reduce<Parsed>((value, field) => value?.[field], object);

const defaultScenarios = kinds.flatMap(({ type: { kind } }) => {
  const own = defaults.filter((each) => each.kind === kind);
  if (own.length === 0) return [];
  return scenario(`${kind}: what is not said has its default (${own.map(({ path }) => path).join(', ')})`, async (cluster) => {
    const client = cluster.client('tester');
    const namespace = await cluster.namespace();
    const type = anyType(kindOf(kind).type);
    const made = await client.create(type, thing(kind, namespace));
    for (const { path, value } of own) assert.deepEqual(at(made, path), value, path);
    for (const { path, value } of own.filter((each) => each.path.split('.').length === 3)) {
      // What contains a default may be given without it.
      const [, parent = '', field = ''] = path.split('.');
      const partly = await client.create(type, thing(kind, namespace, { [parent]: {} }, `without-${field.toLowerCase()}`));
      assert.deepEqual(at(partly, path), value, path);
    }
  });
});

const order = scenario('a list with keys is the same list in another order', async (cluster) => {
  const client = cluster.client('tester');
  const namespace = await cluster.namespace();
  const type = anyType(kindOf('Channel').type);
  await client.create(type, thing('Channel', namespace, { members: [{ name: 'acme' }, { name: 'bank' }] }));
  const turned = await client.mergePatch(type, { namespace, name: 'thing' }, { spec: { members: [{ name: 'bank' }, { name: 'acme' }] } });
  assert.deepEqual(turned['spec'].members, [{ name: 'bank' }, { name: 'acme' }]);
});

const ratcheting = scenario('what was accepted once does not stand in the way of other changes', async (cluster) => {
  const client = cluster.client('tester');
  const namespace = await cluster.namespace();
  const name = `ratchets.${namespace}.example.com`;
  const definition = (maxLength: number, rule: string) => ({
    metadata: { name },
    spec: {
      group: `${namespace}.example.com`, scope: 'Namespaced', names: { kind: 'Ratchet', plural: 'ratchets', singular: 'ratchet', listKind: 'RatchetList' },
      versions: [{
        name: 'v1', served: true, storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: {
          text: { type: 'string', maxLength, 'x-kubernetes-validations': [{ rule, message: 'must be short' }] }, other: { type: 'string' },
        } } } } },
      }],
    },
  });
  const definitions = anyType({ group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', plural: 'customresourcedefinitions', namespaced: false });
  const type = anyType({ group: `${namespace}.example.com`, version: 'v1', kind: 'Ratchet', plural: 'ratchets', namespaced: true });
  await client.apply(definitions, definition(10, 'self.size() < 10'));
  await eventually('it is served', async () => (await cluster.request('GET', `/apis/${type.group}/v1/ratchets`)).status === 200);
  await client.create(type, { metadata: { name: 'r', namespace }, spec: { text: 'eight by' } });
  await client.apply(definitions, definition(5, 'self.size() < 5'));
  await eventually('the new rule holds', async () => {
    const { status } = await cluster.request('POST', `/apis/${type.group}/v1/namespaces/${namespace}/ratchets`, { body: { apiVersion: `${type.group}/v1`, kind: 'Ratchet', metadata: { generateName: 'r-', namespace }, spec: { text: 'eight by' } } });
    return status === 422;
  });
  const changed = await client.mergePatch(type, { namespace, name: 'r' }, { spec: { other: 'x' } });
  assert.equal(changed['spec'].text, 'eight by');
  await assert.rejects(client.mergePatch(type, { namespace, name: 'r' }, { spec: { text: 'eight b2' } }), { status: 422 });
});

export const schemas: Scenario[] = [everyRule, ...ruleScenarios, ...defaultScenarios, order, ratcheting];
