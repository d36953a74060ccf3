import type { KubernetesNode } from '../../support/kubernetes/node.ts';

interface Listed {
  kind: string;
  metadata: { name: string; namespace: string; ownerReferences?: { uid: string; kind: string; name: string }[]; uid: string };
}

/** Kinds that Kubernetes itself keeps beside objects, or that only tell of them. */
const left = /^(events(\.events\.k8s\.io)?|endpoints|endpointslices\.discovery\.k8s\.io|leases\.coordination\.k8s\.io)$/;

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** The namespaces of a consortium and its members. */
export const namespacesOf = (node: KubernetesNode, consortium: string): string[] =>
  lines(node.kubectl('get', 'namespaces', '--output', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}')).filter((name) => name === `gh-${consortium}` || name.startsWith(`gh-${consortium}--`));

/** Everything in these namespaces. */
function objectsIn(node: KubernetesNode, namespaces: readonly string[]): Listed[] {
  const kinds = lines(node.kubectl('api-resources', '--namespaced', '--verbs=list', '--output=name')).filter((kind) => !left.test(kind)).join();
  return namespaces.flatMap((namespace) => (JSON.parse(node.kubectl('--namespace', namespace, 'get', kinds, '--output', 'json')) as { items: Listed[] }).items);
}

/** All that a consortium has, each object by its place, its name and its owner; what is by chance in names is left out. */
export function inventory(node: KubernetesNode, consortium: string): string[] {
  const alike = (name: string): string => name.replaceAll(consortium, '*').replaceAll(/(?<![a-z0-9])[0-9a-f]{8,}(?![a-z0-9])/g, '#');
  // Those of the ledger gateway come and go with its calls.
  const objects = objectsIn(node, namespacesOf(node, consortium)).filter(({ kind, metadata }) => kind !== 'CertificateRequest' || !metadata.name.startsWith('client-'));
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  const ownerOf = ({ ownerReferences: [owner] = [] }: Listed['metadata']): string => {
    if (owner === undefined) return 'of nobody';
    return uids.has(owner.uid) ? `of ${owner.kind} ${alike(owner.name)}` : `left behind by ${owner.kind} ${owner.name}`;
  };
  const nameOf = ({ kind, metadata: { name } }: Listed): string => alike(kind === 'ControllerRevision' ? name.replace(/-[^-]+$/, '') : name);
  return objects.map((object) => `${alike(object.metadata.namespace)} ${object.kind} ${nameOf(object)} ${ownerOf(object.metadata)}`).toSorted();
}
