import type { KubernetesClient } from '../client/api.ts';
import { ownedBy } from '../owner-references.ts';
import type { Applied, KubernetesObject, ResourceType } from '../types.ts';
import { contains, digestOf, sameJson } from './compare.ts';

/** Holds a digest of what was applied: the only trace of a field that was applied once and is not any more. */
export const appliedAnnotation = 'guildhall.dev/applied';

type Applier = Pick<KubernetesClient, 'apply'>;

/** Whether `current` is what was applied: nothing else was applied last, and nobody changed what we own. */
export const isAsApplied = <T extends KubernetesObject>(current: T, desired: Applied<T>): boolean =>
  current.metadata.annotations?.[appliedAnnotation] === digestOf(desired) && contains(current, desired);

/** Applies only when `current` (from a cache) is not as applied. Gives the object as it is then. A second run that finds nothing changed sends nothing. */
export async function applyIfChanged<T extends KubernetesObject>(
  client: Applier,
  type: ResourceType<T>,
  desired: Applied<T>,
  current: T | undefined,
  options: { force?: boolean } = {},
): Promise<T> {
  if (current && isAsApplied(current, desired)) return current;
  const metadata = { ...desired.metadata, annotations: { ...desired.metadata.annotations, [appliedAnnotation]: digestOf(desired) } };
  return client.apply(type, { ...desired, metadata }, options);
}

/** The same for a child: with a reference to its owner, and by force, because a controller's word on its own children is the last. */
export const applyOwned = <T extends KubernetesObject>(
  client: Applier,
  type: ResourceType<T>,
  owner: KubernetesObject,
  desired: Applied<T>,
  current: T | undefined,
): Promise<T> => applyIfChanged(client, type, ownedBy(owner, desired), current, { force: true });

/**
 * Applies a status only when it differs from the cached object's; gives the object as it is then.
 * @param foreign fields of the status that belong to other field managers and are not compared.
 */
export async function applyStatusIfChanged<T extends KubernetesObject & { status?: object }>(
  client: Pick<KubernetesClient, 'applyStatus'>,
  type: ResourceType<T>,
  current: T,
  status: NonNullable<T['status']>,
  { foreign = [], force = true }: { foreign?: readonly string[]; force?: boolean } = {},
): Promise<T> {
  const own = Object.fromEntries(Object.entries(current.status ?? {}).filter(([field]) => !foreign.includes(field)));
  if (sameJson(own, status)) return current;
  return client.applyStatus(type, { metadata: current.metadata, status }, { force });
}
