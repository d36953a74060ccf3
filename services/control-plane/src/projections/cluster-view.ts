import type { KubernetesClient, ResourceType } from '@guildhall/kubernetes';
import { createInformer, type Informer } from '@guildhall/kubernetes';
import { kinds, namespaceOwner, shortName, type GuildhallObject } from '@guildhall/resources';
import type { Logger } from 'pino';

export type ClusterObject = GuildhallObject<unknown, unknown>;

export interface ClusterChange {
  deleted: boolean;
  object: ClusterObject;
  /** As it was seen before; undefined when it is new. */
  old?: ClusterObject | undefined;
}

/** What the cluster says now, from watches; the control plane's only view of it besides the answers to its own writes. */
export interface ClusterView {
  get(kind: string, namespace: string, name: string): ClusterObject | undefined;
  ofConsortium(consortium: string): ClusterObject[];
  /** @returns what ends it */
  onChange(handler: (change: ClusterChange) => void): () => void;
  all(): ClusterObject[];
  hasSynced(): boolean;
  /** Why it does not follow the cluster now; undefined while it does. */
  problem(): string | undefined;
  start(signal: AbortSignal): Promise<void>;
}

/** Kinds that people look at; requests for certificates and signatures come and go too fast to be worth a projection. */
export const projectedKinds = kinds.filter((kind) => kind.type.kind !== 'CertificateRequest' && kind.type.kind !== 'SigningRequest');

/** Where an object is decides whose it is: whoever may write in a namespace may write any label. */
export function ownerOf(object: ClusterObject): { consortium: string; member: string | undefined } | undefined {
  const owner = namespaceOwner(object.metadata.namespace ?? '');
  if (!owner || !shortName.safeParse(owner.consortium).success) return undefined;
  return object.kind === 'Consortium' && object.metadata.name !== owner.consortium ? undefined : owner;
}

/** The consortium that an object belongs to; undefined when it is none of ours. */
export const consortiumOf = (object: ClusterObject): string | undefined => ownerOf(object)?.consortium;

export function createClusterView(client: KubernetesClient, logger: Logger): ClusterView {
  const handlers = new Set<(change: ClusterChange) => void>();
  const informers = new Map<string, Informer<ClusterObject>>(
    projectedKinds.map((kind) => {
      const type = kind.type as ResourceType<ClusterObject>;
      const informer = createInformer(client, type, {
        indexes: { consortium: (object) => [consortiumOf(object) ?? ''] },
        logger,
        // What people wait for goes on soon after the cluster is back.
        backoff: { baseMs: 50, maxMs: 3000 },
      });
      informer.onChange(({ type: change, object, old }) => {
        for (const handler of handlers) handler({ deleted: change === 'deleted', object, old });
      });
      return [kind.type.kind, informer];
    }),
  );
  const each = [...informers.values()];
  return {
    get: (kind, namespace, name) => informers.get(kind)?.get(namespace, name),
    ofConsortium: (consortium) => each.flatMap((informer) => informer.byIndex('consortium', consortium)),
    all: () => each.flatMap((informer) => informer.list()),
    hasSynced: () => each.every((informer) => informer.hasSynced()),
    problem: () => {
      const unread = each.filter((informer) => informer.problem() !== undefined);
      const [first] = unread;
      return first && `${unread.map(({ type }) => type.kind).join(', ')}: ${first.problem()}`;
    },
    onChange: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    start: async (signal) => {
      for (const informer of each) informer.start(signal);
      await Promise.all(each.map((informer) => informer.waitForSync(signal)));
    },
  };
}
