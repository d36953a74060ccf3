import { namespaceOwner, type Node } from '@guildhall/resources';
import type { DesiredObject } from './consortium-resources.ts';

const isNode = (object: DesiredObject): object is Node => object.kind === 'Node';

/** Of which storage class the volumes of nodes are that do not take the cluster's default, a sentence for each. */
export function volumeConsequences(objects: readonly DesiredObject[]): string[] {
  const byClass = Map.groupBy(objects.filter(isNode), ({ spec }) => spec.storage.className);
  return [...byClass].flatMap(([storageClass, nodes]) => {
    const names = nodes.map(({ metadata }) => `${namespaceOwner(metadata.namespace ?? '')?.member}/${metadata.name}`);
    return storageClass === undefined ? [] : [`Storage class ${storageClass}: the volumes of ${names.join(', ')}. It cannot be changed later.`];
  });
}
