import { ownedBy, type Applied, type KubernetesClient, type KubernetesObject, type ResourceType } from '@guildhall/kubernetes';
import { group, specDigest } from '@guildhall/resources';
import { covers } from './covers.ts';

/** Digest of what was last applied: tells a field that is no longer wanted from one that the server or another owner set. */
const appliedAnnotation = `${group}/applied`;

/** What is to be made, with its owner and digest in it. */
function completed<T extends KubernetesObject>(owner: KubernetesObject | undefined, desired: Applied<T>): Applied<T> {
  const { metadata, ...rest } = desired;
  const annotations = { ...metadata.annotations, [appliedAnnotation]: specDigest({ labels: metadata.labels, rest: JSON.parse(JSON.stringify(rest)) }) };
  const annotated = { ...desired, metadata: { ...metadata, annotations } };
  return owner === undefined ? annotated : ownedBy(owner, annotated);
}

/** Applies what is missing or different; writes nothing when all is as it should be. Gives the object as far as it is known. */
export async function ensure<T extends KubernetesObject>(
  client: Pick<KubernetesClient, 'apply'>,
  type: ResourceType<T>,
  { owner, desired, actual }: { owner?: KubernetesObject; desired: Applied<T>; actual: T | undefined },
): Promise<T> {
  const complete = completed(owner, desired);
  if (actual !== undefined && actual.metadata.deletionTimestamp === undefined && covers(actual, complete)) return actual;
  return client.apply(type, complete, { force: true });
}
