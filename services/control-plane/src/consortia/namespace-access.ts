import { createController, createInformer, createManager, done, namespaces, roleBindings, type KubernetesClient, type Logger, type Namespace } from '@guildhall/kubernetes';
import { fieldManagers, labels, namespaceOwner, roleInConsortia } from '@guildhall/resources';

/** What components may do in the namespaces of consortia and members, where each cluster role has to be bound. */
export interface NamespaceAccess {
  /** Gives each component its role in a namespace, and holds the namespace's pods to the strictest standard. */
  grant(namespace: string, signal: AbortSignal): Promise<void>;
  /** Does so in each namespace that is marked as Guildhall's, whoever made it, and again where it was undone. Resolves after the signal was aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** Kubernetes, "Pod Security Standards". */
const podSecurity = { 'pod-security.kubernetes.io/enforce': 'restricted' };

const regrantMs = 300_000;

/** @param own Guildhall's own namespace, where its service accounts are */
export function createNamespaceAccess({ client, own, logger }: { client: KubernetesClient; own: string; logger: Logger }): NamespaceAccess {
  const grant = async (namespace: string, signal: AbortSignal): Promise<void> => {
    const bound = client.withSignal(signal);
    // Not applied: whoever made the namespace applies its labels, and would take this one away.
    await bound.mergePatch(namespaces, { name: namespace }, { metadata: { labels: podSecurity } });
    await Promise.all(
      Object.values(fieldManagers).map((component) =>
        bound.apply(
          roleBindings,
          {
            metadata: { name: component, namespace, labels: { [labels.managedBy]: 'guildhall' } },
            roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleInConsortia(component) },
            subjects: [{ kind: 'ServiceAccount', name: component, namespace: own }],
          },
          { force: true },
        ),
      ),
    );
  };

  return {
    grant,
    async run(signal) {
      const informer = createInformer(client, namespaces, { logger });
      const controller = createController({
        name: 'namespace-access',
        type: namespaces,
        informer,
        resyncMs: regrantMs,
        reconcile: async ({ name }, context) => {
          if (isOurs(informer.get(undefined, name))) await grant(name, context.signal);
          return done;
        },
        logger,
      });
      await createManager({ controllers: [controller], logger }).run(signal);
    },
  };
}

const isOurs = (namespace: Namespace | undefined): boolean =>
  namespace !== undefined &&
  namespace.metadata.deletionTimestamp === undefined &&
  namespace.metadata.labels?.[labels.managedBy] === 'guildhall' &&
  namespaceOwner(namespace.metadata.name) !== undefined;
