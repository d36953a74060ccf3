import {
  contains, createController, createInformer, createManager, done, isNotFound, namespaces, networkPolicies, requeue, roleBindings,
  type Applied, type KubernetesClient, type Logger, type Namespace, type NetworkPolicy, type RoleBinding,
} from '@guildhall/kubernetes';
import { consortium as consortiumKind, consortiumNamespace, fieldManagers, finalizer, kinds, labels, namespaceOwner, roleInConsortia, type Consortium } from '@guildhall/resources';
import { createContest } from './contest.ts';
import { policiesOf } from './network-policies.ts';

/** What components may do in the namespaces of consortia and members, where each cluster role has to be bound. */
export interface NamespaceAccess {
  /** Gives each component its role in a namespace, and holds the namespace's pods to the strictest standard. */
  grant(namespace: string, signal: AbortSignal): Promise<void>;
  /**
   * Does so in each namespace that is marked as Guildhall's, whoever made it, and at once where it was undone; and closes its network but for what Fabric needs. Of one
   * that is deleted, roles stay until the last object of ours in it is gone. Resolves after the signal was aborted.
   */
  run(signal: AbortSignal): Promise<void>;
}

/** Kubernetes, "Pod Security Standards". */
const podSecurity = { 'pod-security.kubernetes.io/enforce': 'restricted' };

const regrantMs = 300_000;
const releaseMs = 1000;
/** While one replica makes way for a newer one, both run, and they may not wish for the same. */
const contestedMs = 10_000;

export interface NamespaceAccessOptions {
  client: KubernetesClient;
  /** Guildhall's own namespace, where its service accounts are. */
  own: string;
  /** Whether namespaces get network policies; without, those that they have are taken away. */
  closesNetworks: boolean;
  logger: Logger;
}

/** One for each component. */
const bindingsIn = (namespace: string, own: string): Applied<RoleBinding>[] =>
  Object.values(fieldManagers).map((component) => ({
    // Who deletes the namespace deletes the bindings before the objects in it; without them nobody could take leave of these.
    metadata: { name: component, namespace, labels: { [labels.managedBy]: 'guildhall' }, finalizers: [finalizer] },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleInConsortia(component) },
    subjects: [{ kind: 'ServiceAccount', name: component, namespace: own }],
  }));

export function createNamespaceAccess({ client, own, closesNetworks, logger }: NamespaceAccessOptions): NamespaceAccess {
  const grant = async (namespace: string, signal: AbortSignal): Promise<void> => {
    const bound = client.withSignal(signal);
    // Not applied: whoever made the namespace applies its labels, and would take this one away.
    await bound.mergePatch(namespaces, { name: namespace }, { metadata: { labels: podSecurity } });
    await Promise.all(bindingsIn(namespace, own).map((binding) => bound.apply(roleBindings, binding, { force: true })));
  };

  const isEmpty = async (namespace: string): Promise<boolean> => {
    const lists = await Promise.all(kinds.map(({ type }) => client.list(type, { namespace, limit: 1 })));
    return lists.every(({ items }) => items.length === 0);
  };
  const release = async (namespace: string, bindings: readonly string[] = Object.values(fieldManagers)): Promise<void> => {
    await Promise.all(
      bindings.map((name) =>
        client.mergePatch(roleBindings, { namespace, name }, { metadata: { finalizers: null } }).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        }),
      ),
    );
  };

  return {
    grant,
    async run(signal) {
      const informer = createInformer(client, namespaces, { logger });
      const bindings = createInformer(client, roleBindings, { labelSelector: `${labels.managedBy}=guildhall`, logger });
      const consortia = createInformer(client, consortiumKind.type, { logger });
      const policies = createInformer(client, networkPolicies, { logger, labelSelector: `${labels.managedBy}=guildhall` });

      const isGranted = ({ metadata }: Namespace): boolean =>
        contains(metadata.labels, podSecurity) && bindingsIn(metadata.name, own).every((binding) => contains(bindings.get(metadata.name, binding.metadata.name), binding));

      /** A consortium that does not name the namespace has no say in who reaches it. */
      const partnersOf = (namespace: string): string[] => {
        const owner = namespaceOwner(namespace)?.consortium ?? '';
        const named = consortia.get(consortiumNamespace(owner), owner)?.spec.members.map((member) => member.namespace) ?? [];
        return named.includes(namespace) ? named : [namespace];
      };
      const contest = createContest(contestedMs, () => performance.now());
      /** False when somebody undoes it at once, which is left so for a while. */
      const closeNetwork = async (namespace: string, signal: AbortSignal): Promise<boolean> => {
        const bound = client.withSignal(signal);
        const desired = closesNetworks ? policiesOf({ namespace, partners: partnersOf(namespace), own }) : [];
        const lacking = desired.filter(({ metadata, spec }) => !isThere(spec, policies.get(namespace, metadata.name)?.spec));
        const surplus = policies.list(namespace).filter(({ metadata }) => !desired.some(({ metadata: { name } }) => name === metadata.name));
        if (lacking.length + surplus.length === 0) return true;
        const wish = JSON.stringify(desired);
        if (contest.isOn(namespace, wish)) return false;
        await Promise.all([...lacking.map((policy) => bound.apply(networkPolicies, policy, { force: true })), ...surplus.map(({ metadata }) => bound.delete(networkPolicies, metadata))]);
        contest.wrote(namespace, wish);
        return true;
      };

      const controller = createController({
        name: 'namespace-access',
        type: namespaces,
        informer,
        watches: [
          { informer: bindings, map: ({ metadata }: RoleBinding) => [{ name: metadata.namespace ?? '' }], reads: ({ roleRef, subjects }: RoleBinding) => [roleRef, subjects] },
          { informer: consortia, map: namespacesOf, reads: () => undefined },
          { informer: policies, map: ({ metadata: { namespace = '' } }) => [{ name: namespace }] },
        ],
        resyncMs: regrantMs,
        reconcile: async ({ name }, context) => {
          const known = informer.get(undefined, name);
          if (known === undefined || !isOurs(known)) {
            contest.forget(name);
            return done;
          }
          const taken = bindings.list(name).flatMap(({ metadata }) => (metadata.deletionTimestamp === undefined ? [] : [metadata.name]));
          // Who deletes the namespace takes them too, and of that this cache may not know yet.
          const namespace = taken.length === 0 ? known : await client.get(namespaces, { name });
          if (namespace === undefined) return done;
          if (namespace.metadata.deletionTimestamp === undefined) {
            // What somebody else takes goes first; its end brings us back.
            await release(name, taken);
            if (taken.length > 0 || !isGranted(namespace)) await grant(name, context.signal);
            if (!(await closeNetwork(name, context.signal))) return requeue(contestedMs, 'its network policies were changed right after they were written');
          } else if (await isEmpty(name)) await release(name);
          else return requeue(releaseMs, 'Guildhall’s objects in it are being deleted');
          return done;
        },
        logger,
      });
      await createManager({ controllers: [controller], logger }).run(signal);
    },
  };
}

/** A policy in which more stands than in ours may let more pass. */
const isThere = (desired: NetworkPolicy['spec'], current: NetworkPolicy['spec'] | undefined): boolean => current !== undefined && contains(current, desired) && contains(desired, current);

const isOurs = ({ metadata }: Namespace): boolean => metadata.labels?.[labels.managedBy] === 'guildhall' && namespaceOwner(metadata.name) !== undefined;

const namespacesOf = ({ metadata, spec }: Consortium): { name: string }[] => [metadata.namespace ?? '', ...spec.members.map(({ namespace }) => namespace)].map((name) => ({ name }));
