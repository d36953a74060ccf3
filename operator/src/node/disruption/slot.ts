import { leases, microTime, ownedBy, type Clock, type Informer, type KubernetesClient, type Lease } from '@guildhall/kubernetes';
import { disruptionLease, labels, type Consortium } from '@guildhall/resources';

/** Which of a consortium's nodes may be down because somebody wants it: a Lease, whose holder is the node, so that it outlives the operator. */
export interface Slot {
  /** `namespace/name` of a Node; undefined: nobody. */
  holder(consortium: Consortium): Promise<string | undefined>;
  /** @returns false when the holder is no longer the one it is to be taken from */
  give(consortium: Consortium, from: string | undefined, to: string | undefined): Promise<boolean>;
}

const holderOf = (lease: Lease | undefined): string | undefined => lease?.spec?.holderIdentity || undefined;

/** Only the one operator that works writes the leases, so it remembers what they say; each write holds only for the version that is remembered. */
export function createSlot(client: Pick<KubernetesClient, 'get' | 'create' | 'mergePatch'>, consortia: Pick<Informer<Consortium>, 'list'>, clock: Clock): Slot {
  const remembered = new Map<string, Promise<Lease | undefined>>();
  const refOf = ({ metadata: { namespace = '' } }: Consortium) => ({ namespace, name: disruptionLease });

  /** Whenever another one comes: so no more are remembered than there have been at once. */
  function forgetGone(): void {
    const there = new Set(consortia.list().map(({ metadata }) => metadata.uid));
    for (const uid of remembered.keys()) if (!there.has(uid)) remembered.delete(uid);
  }

  function remember({ metadata: { uid = '' } }: Consortium, lease: Promise<Lease | undefined>): Promise<Lease | undefined> {
    if (!remembered.has(uid)) forgetGone();
    remembered.set(uid, lease);
    lease.catch(() => remembered.delete(uid));
    return lease;
  }
  const recall = (consortium: Consortium): Promise<Lease | undefined> =>
    remembered.get(consortium.metadata.uid ?? '') ?? remember(consortium, client.get(leases, refOf(consortium)));

  function write(consortium: Consortium, lease: Lease | undefined, holder: string | undefined): Promise<Lease> {
    const spec = { acquireTime: microTime(clock.now()), leaseTransitions: (lease?.spec?.leaseTransitions ?? 0) + 1 };
    if (lease === undefined) {
      const metadata = { ...refOf(consortium), labels: { [labels.managedBy]: 'guildhall', [labels.consortium]: consortium.metadata.name } };
      return client.create(leases, ownedBy(consortium, { metadata, spec: { ...spec, ...(holder === undefined ? {} : { holderIdentity: holder }) } }));
    }
    return client.mergePatch(leases, refOf(consortium), { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec: { ...spec, holderIdentity: holder ?? null } });
  }

  return {
    holder: async (consortium) => holderOf(await recall(consortium)),
    async give(consortium, from, to) {
      for (;;) {
        const known = recall(consortium);
        const lease = await known;
        // Another node's pass was faster.
        if (recall(consortium) !== known) continue;
        if (holderOf(lease) !== from) return false;
        await remember(consortium, write(consortium, lease, to));
        return true;
      }
    },
  };
}
