import type { Parsed } from './cluster-under-test.ts';

/** mulberry32: the same numbers for the same seed. */
export function createRandom(seed: number): { below(limit: number): number; pick<T>(items: readonly T[]): T; some<T>(items: readonly T[]): T[]; chance(of: number): boolean } {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const chance = (of: number): boolean => next() < of;
  return {
    below,
    chance,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    /** In a random order. */
    some: (items) => items.filter(() => chance(0.5)).map((item) => [next(), item] as const).toSorted(([a], [b]) => a - b).map(([, item]) => item),
  };
}
type Random = ReturnType<typeof createRandom>;

export interface Write {
  method: 'PATCH' | 'DELETE';
  path: string;
  type?: string;
  body?: Parsed;
}

const applyType = 'application/apply-patch+yaml';
const mergeType = 'application/merge-patch+json';
const managers = ['one', 'two', 'three'];

const labels = (random: Random): object => {
  const chosen = random.some(['x', 'y', 'z']);
  return chosen.length > 0 ? { labels: Object.fromEntries(chosen.map((key) => [key, random.pick(['1', '2'])])) } : {};
};
const maybe = (random: Random, field: string, value: () => unknown): object => (random.chance(0.6) ? { [field]: value() } : {});

interface Subject {
  path: string;
  identity: object;
  body(random: Random): object;
  status?(random: Random): object;
}

/** Kinds that have between them every way of merging: fields, keyed lists, sets, maps, lists and maps that are one value. */
const subjects: Subject[] = [
  {
    path: '/apis/guildhall.dev/v1alpha1/namespaces/NS/consortia/thing',
    identity: { apiVersion: 'guildhall.dev/v1alpha1', kind: 'Consortium' },
    body: (random) => ({
      spec: {
        ledger: { engine: 'fabric', version: '3.1' },
        ...maybe(random, 'profile', () => 'production'),
        ...maybe(random, 'members', () => random.some(['a', 'b', 'c', 'd']).map((name) => ({ name, mspId: `${name}${random.pick(['1', '2'])}`, ...maybe(random, 'namespace', () => `n-${name}`) }))),
      },
    }),
    status: (random) => ({
      status: {
        ...maybe(random, 'summary', () => random.pick(['begun', 'done'])),
        ...maybe(random, 'nodes', () => ({ total: random.below(2), ready: 0 })),
        ...maybe(random, 'conditions', () => random.some(['Ready', 'Stalled', 'Degraded']).map((type) => ({ type, status: random.pick(['True', 'False']), reason: 'Ready', message: random.pick(['m', 'n']), lastTransitionTime: '2026-01-01T00:00:00Z' }))),
      },
    }),
  },
  {
    path: '/api/v1/namespaces/NS/configmaps/thing',
    identity: { apiVersion: 'v1', kind: 'ConfigMap' },
    body: (random) => maybe(random, 'data', () => Object.fromEntries(random.some(['a', 'b', 'c']).map((key) => [key, random.pick(['1', '2'])]))),
  },
  {
    path: '/api/v1/namespaces/NS/services/thing',
    identity: { apiVersion: 'v1', kind: 'Service' },
    body: (random) => ({
      spec: {
        ...maybe(random, 'selector', () => ({ [random.pick(['a', 'b'])]: random.pick(['1', '2']) })),
        ...maybe(random, 'publishNotReadyAddresses', () => true),
        ports: [{ name: 'p80', port: 80 }, ...random.some([81, 82, 83]).map((port) => ({ name: `p${port}`, port, ...maybe(random, 'targetPort', () => random.pick([90, 'http'])), ...maybe(random, 'protocol', () => 'TCP') }))],
      },
    }),
  },
  {
    path: '/apis/apps/v1/namespaces/NS/statefulsets/thing',
    identity: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
    body: (random) => ({
      spec: {
        serviceName: 's', selector: { matchLabels: { app: 's' } },
        ...maybe(random, 'replicas', () => random.below(2)),
        template: {
          metadata: { labels: { app: 's' } },
          spec: {
            containers: [{
              name: 'c', image: random.pick(['i:1', 'i:2']),
              ...maybe(random, 'args', () => random.some(['a', 'b', 'c'])),
              ...maybe(random, 'env', () => random.some(['A', 'B', 'C']).map((name) => ({ name, value: random.pick(['1', '2']) }))),
              ...maybe(random, 'ports', () => random.some([80, 81]).map((containerPort) => ({ containerPort }))),
              ...maybe(random, 'readinessProbe', () => ({ tcpSocket: { port: 80 }, ...maybe(random, 'periodSeconds', () => 1 + random.below(3)) })),
              ...maybe(random, 'resources', () => ({ requests: { cpu: random.pick(['100m', '200m']) } })),
            }],
            ...maybe(random, 'volumes', () => random.some(['v', 'w']).map((name) => ({ name, emptyDir: {} }))),
          },
        },
      },
    }),
    status: (random) => ({ status: { replicas: random.below(3), ...maybe(random, 'readyReplicas', () => 0), ...maybe(random, 'currentRevision', () => random.pick(['a', 'b'])) } }),
  },
];

/** A random write of a random manager to one of a few objects. */
export function randomWrite(random: Random): Write {
  const subject = random.pick(subjects);
  const manager = random.pick(managers);
  const force = random.chance(0.4);
  if (random.chance(0.03)) return { method: 'DELETE', path: subject.path };
  if (subject.status && random.chance(0.25)) {
    return random.chance(0.7)
      ? { method: 'PATCH', type: applyType, path: `${subject.path}/status?fieldManager=${manager}&force=${force}`, body: { ...subject.identity, metadata: { name: 'thing' }, ...subject.status(random) } }
      : { method: 'PATCH', type: mergeType, path: `${subject.path}/status?fieldManager=${manager}`, body: subject.status(random) };
  }
  const metadata = { name: 'thing', ...labels(random), ...maybe(random, 'annotations', () => ({ [random.pick(['a', 'b'])]: random.pick(['1', '2']) })) };
  if (random.chance(0.2)) return { method: 'PATCH', type: mergeType, path: `${subject.path}?fieldManager=${manager}`, body: { metadata: random.chance(0.3) ? { labels: { [random.pick(['x', 'y'])]: null } } : metadata, ...subject.body(random) } };
  return { method: 'PATCH', type: applyType, path: `${subject.path}?fieldManager=${manager}&force=${force}`, body: { ...subject.identity, metadata, ...subject.body(random) } };
}
