import assert from 'node:assert/strict';
import { configMaps, namespaces, type KubernetesObject, type ResourceType } from '@guildhall/kubernetes';
import { consortium, type Component, type ComponentRole, type PolicyRule } from '@guildhall/resources';
import { components, usage, type ClusterUnderTest } from '../cluster-under-test.ts';
import { builtInSamples, guildhallSamples, specs } from '../samples.ts';
import { anyType, eventually, pathOf, refusal, scenario, type Scenario } from './scenario.ts';

const consortia = anyType(consortium.type);
const maps = anyType(configMaps);

type Place = 'inside' | 'own' | 'outside';

interface Question {
  type: ResourceType<KubernetesObject>;
  name: string;
  subresource: '' | '/status' | '/log';
  verb: 'get' | 'list' | 'create' | 'patch' | 'delete';
}

const types = [namespaces, ...[...guildhallSamples, ...builtInSamples].map(({ type }) => type)];
/** Whatever a component could want of any kind. A watch is allowed by rules that are read in the same way. */
const questionsOn = (name: string): Question[] => types.flatMap((type): Question[] => [
  ...(['get', 'list', 'create', 'patch', 'delete'] as const).map((verb) => ({ type, name, subresource: '' as const, verb })),
  { type, name, subresource: '/status', verb: 'patch' },
  ...(type.kind === 'Pod' ? [{ type, name, subresource: '/log', verb: 'get' } as const] : []),
]);
/** Kubernetes knows no name yet when it asks whether one may list or create. */
const nameless = new Set<Question['verb']>(['list', 'create']);
/** These kinds have no status of their own. */
const without = new Set(['ConfigMap', 'Secret', 'Lease', 'Event']);
const methods = { get: 'GET', list: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE' };

function mayByRole({ cluster, consortia, own }: ComponentRole, { type, name, subresource, verb }: Question, place: Place): boolean {
  const here: PolicyRule[] = place === 'inside' ? consortia : place === 'own' ? own : [];
  const rules = [...cluster, ...(type.namespaced ? here : [])];
  const named = ({ resourceNames }: PolicyRule): boolean => resourceNames === undefined || (!nameless.has(verb) && resourceNames.includes(name));
  return rules.some((rule) => named(rule) && rule.apiGroups.includes(type.group) && rule.resources.includes(`${type.plural}${subresource}`) && rule.verbs.includes(verb));
}

/** What is no object goes no further than the question who asks: an empty Service, say, keeps Kubernetes busy for long. */
const bodies: Partial<Record<Question['verb'], { body: unknown; type?: string }>> = {
  create: { body: 'nothing' },
  patch: { body: {}, type: 'application/merge-patch+json' },
};

/** Asks for what is not there, or with what cannot be made: only who may not is answered with 403. */
async function may(cluster: ClusterUnderTest, user: Component, namespace: string, { type, name, subresource, verb }: Question): Promise<boolean> {
  const path = `${pathOf(type, namespace, nameless.has(verb) ? '' : name)}${subresource}`;
  const { status } = await cluster.request(methods[verb], path, { user, ...bodies[verb] });
  assert.notEqual(status, 401);
  return status !== 403;
}

const roleScenarios = components.map(([component, role]) =>
  scenario(`${component} may do what its role says, and nothing else`, async (cluster) => {
    const places: Record<Place, string> = { inside: await cluster.namespace('gh-roles'), own: await cluster.namespace('own-roles'), outside: await cluster.namespace('other') };
    const names = new Set(['none', ...[...role.own, ...role.consortia].flatMap(({ resourceNames = [] }: PolicyRule) => resourceNames)]);
    const asked = [...names].flatMap(questionsOn).filter(({ type, subresource }) => subresource !== '/status' || !without.has(type.kind));
    const wrong = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const question of asked) {
        for (const place of ['inside', 'own', 'outside'] as const) {
          const expected = mayByRole(role, question, place);
          if ((await may(cluster, component, places[place], question)) === expected) continue;
          found.push(`${expected ? 'may' : 'may not'} ${usage(question.verb, question.type.group, `${question.type.plural}${question.subresource}`)} ${question.name} in ${places[place]}`);
        }
      }
      return found;
    };
    // Kubernetes takes a moment to learn of roles.
    let last: string[] = [];
    try {
      await eventually('the roles are known', async () => (last = await wrong()).length === 0);
    } catch (error) {
      assert.deepEqual(last, []);
      throw error;
    }
  }),
);

/** What the user `limited` may do: see limitedRules. */
export const access: Scenario[] = [
  ...roleScenarios,

  scenario('the operator reads the definitions of its kinds, one by one', async (cluster) => {
    await cluster.namespace('gh-roles');
    const status = async (name: string): Promise<number> => (await cluster.request('GET', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions${name}`, { user: 'operator' })).status;
    await eventually('its role is known', async () => (await status('/consortia.guildhall.dev')) === 200);
    assert.deepEqual([await status('/clientidentities.guildhall.dev'), await status('')], [403, 403]);
  }),

  scenario('whoever has no token, or a wrong one, is nobody', async (cluster) => {
    const { status, body } = await cluster.request('GET', '/apis/guildhall.dev/v1alpha1/consortia', { user: 'nobody' });
    assert.deepEqual([status, body['reason'], body['message']], [401, 'Unauthorized', 'Unauthorized']);
  }, { needs: 'strangers' }),

  scenario('what a rule allows is allowed where it holds, and nowhere else', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const [allowed, other] = [await cluster.namespace('gh-allowed'), await cluster.namespace()];
    for (const namespace of [allowed, other]) await admin.create(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] });
    assert.equal((await limited.list(consortia, { namespace: allowed })).items.length, 1);
    assert.ok(await limited.get(consortia, { namespace: allowed, name: 'trade' }));
    await assert.rejects(limited.get(consortia, { namespace: other, name: 'trade' }),
      refusal(403, 'Forbidden', new RegExp(`consortia\\.guildhall\\.dev "trade" is forbidden: User "limited" cannot get resource "consortia" in API group "guildhall\\.dev" in the namespace "${other}"`)));
    await assert.rejects(limited.list(consortia), refusal(403, 'Forbidden', /cannot list resource "consortia" in API group "guildhall\.dev" at the cluster scope/));
    await assert.rejects(limited.delete(consortia, { namespace: allowed, name: 'trade' }), refusal(403, 'Forbidden', /cannot delete resource/));
  }),

  scenario('what is refused is refused before it is known whether it is there', async (cluster) => {
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace();
    await assert.rejects(limited.get(consortia, { namespace, name: 'none' }), refusal(403, 'Forbidden'));
    await assert.rejects(limited.create(maps, { metadata: { name: 'a', namespace: 'no-such-namespace' } }), refusal(403, 'Forbidden'));
  }),

  scenario('to apply what is not there needs the right to create it', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace('gh-allowed');
    await assert.rejects(limited.apply(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] }), refusal(403, 'Forbidden', /cannot create resource "consortia"|cannot patch resource "consortia"/));
    await admin.apply(consortia, { metadata: { name: 'trade', namespace }, spec: specs['Consortium'] });
    await limited.apply(consortia, { metadata: { name: 'trade', namespace, labels: { a: 'b' } } });
    await limited.apply(maps, { metadata: { name: 'new', namespace }, data: { a: 'b' } });
  }),

  scenario('the status is a resource of its own', async (cluster) => {
    const admin = cluster.client('admin');
    const limited = cluster.client('limited', 'limited');
    const namespace = await cluster.namespace('gh-allowed');
    const ref = { name: 'trade', namespace };
    await admin.create(consortia, { metadata: ref, spec: specs['Consortium'] });
    await limited.applyStatus(consortia, { metadata: ref, status: { summary: 'x' } });
    const nodes = anyType({ ...consortium.type, kind: 'Node', plural: 'nodes' });
    await admin.create(nodes, { metadata: ref, spec: specs['Node'] });
    await assert.rejects(limited.applyStatus(nodes, { metadata: ref, status: { version: '3' } }), refusal(403, 'Forbidden', /cannot patch resource "nodes\/status" in API group "guildhall\.dev"/));
  }),
];
