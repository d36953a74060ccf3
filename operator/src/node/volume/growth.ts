import { isForbidden, isInvalid, persistentVolumeClaims, refOf, type Clock, type KubernetesClient, type PersistentVolumeClaim } from '@guildhall/kubernetes';
import { amountOf, type Node } from '@guildhall/resources';
import type { NodeObserved } from '../decide.ts';
import { canonicalQuantity } from '../workload/quantity.ts';

const requestOf = ({ spec }: PersistentVolumeClaim): string => spec.resources?.requests?.['storage'] ?? '0';
const isLess = (one: string, other: string): boolean => amountOf(one) < amountOf(other);

/** Why the volume is smaller than the node asks for; undefined when it is not. One that is not there yet is waited for by its pod. */
export function volumeOf({ spec: { storage } }: Node, claim: PersistentVolumeClaim | undefined, refusal: string | undefined): NodeObserved['volume'] {
  const capacity = claim?.status?.phase === 'Bound' ? claim.status.capacity?.['storage'] : undefined;
  if (claim === undefined || capacity === undefined || !isLess(capacity, storage.size)) return undefined;
  const { name } = claim.metadata;
  if (refusal !== undefined) {
    return { refused: `The claim ${name} stays at ${capacity} instead of ${storage.size}, and the node runs on; the cluster refused: ${JSON.stringify(refusal)}. If its storage class can make volumes larger, set allowVolumeExpansion on it: it is tried again every minute.` };
  }
  const said = claim.status?.conditions?.map(({ type, message = '' }) => ` The cluster says: ${JSON.stringify(`${type}: ${message}`)}.`).join('') ?? '';
  return { growing: `The claim ${name} is to grow from ${capacity} to ${storage.size}; the cluster has not done it yet.${said}` };
}

export interface VolumeGrowth {
  /** Asks the cluster for a larger volume when the claim asks for less than the node. @returns why the cluster refuses */
  ensure(node: Node, claim: PersistentVolumeClaim | undefined): Promise<string | undefined>;
  forget(node: Node): void;
}

/** A little less than the pause after which a refused node is looked at again. */
const refusedForMs = 55_000;

export function createVolumeGrowth(client: Pick<KubernetesClient, 'mergePatch'>, clock: Clock): VolumeGrowth {
  const refusals = new Map<string, { message: string; size: string; at: number }>();
  return {
    async ensure({ metadata: { uid = '' }, spec: { storage } }, claim) {
      // A claim that is not bound yet cannot change.
      if (claim?.status?.phase !== 'Bound' || claim.metadata.deletionTimestamp !== undefined || !isLess(requestOf(claim), storage.size)) {
        refusals.delete(uid);
        return undefined;
      }
      const refused = refusals.get(uid);
      if (refused?.size === storage.size && clock.monotonic() - refused.at < refusedForMs) return refused.message;
      try {
        await client.mergePatch(persistentVolumeClaims, refOf(claim), { metadata: { uid: claim.metadata.uid }, spec: { resources: { requests: { storage: canonicalQuantity(storage.size) } } } });
        refusals.delete(uid);
        return undefined;
      } catch (error) {
        if (!isForbidden(error) && !isInvalid(error)) throw error;
        refusals.set(uid, { message: error.message, size: storage.size, at: clock.monotonic() });
        return error.message;
      }
    },
    forget: ({ metadata: { uid = '' } }) => void refusals.delete(uid),
  };
}
