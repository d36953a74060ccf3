import type { KubernetesClient, KubernetesObject, ResourceType } from '@guildhall/kubernetes';
import { annotations } from '@guildhall/resources';
import { stalled, type Outcome } from '../outcome.ts';

/** What holds a ledger is deleted for real only when a person wrote its name into the annotation; whoever deletes the whole namespace has Kubernetes stop and remove what is in it. */
export function unconfirmed(object: KubernetesObject, loses: string): Outcome | undefined {
  const { name } = object.metadata;
  if (object.metadata.annotations?.[annotations.confirmDeletion] === name) return undefined;
  return stalled(
    'DeletionNotConfirmed',
    `Deleting ${object.kind} ${name} ${loses} Annotate it with ${annotations.confirmDeletion}=${name} to go on; until then Guildhall stops and removes nothing.`,
  );
}

/**
 * Whether this very object is still there and being deleted, read where it counts: the cache may be behind, and an object that was made again
 * under the same name would lose its data.
 */
export async function isStillDeleted<T extends KubernetesObject>(client: Pick<KubernetesClient, 'get'>, type: ResourceType<T>, { metadata }: T): Promise<boolean> {
  const live = await client.get(type, metadata);
  return live?.metadata.uid === metadata.uid && live?.metadata.deletionTimestamp !== undefined;
}

export const deletesData = (object: KubernetesObject): boolean => object.metadata.annotations?.[annotations.deleteData] === 'true';
