import type { KubernetesObject } from '@guildhall/kubernetes';
import { annotations } from '@guildhall/resources';
import { stalled, type Outcome } from '../outcome.ts';

/** What holds a ledger is deleted for real only when a person wrote its name into the annotation. */
export function unconfirmed(object: KubernetesObject, loses: string): Outcome | undefined {
  const { name } = object.metadata;
  if (object.metadata.annotations?.[annotations.confirmDeletion] === name) return undefined;
  return stalled(
    'DeletionNotConfirmed',
    `Deleting ${object.kind} ${name} ${loses} Annotate it with ${annotations.confirmDeletion}=${name} to go on; until then nothing is stopped or removed.`,
  );
}

export const deletesData = (object: KubernetesObject): boolean => object.metadata.annotations?.[annotations.deleteData] === 'true';
