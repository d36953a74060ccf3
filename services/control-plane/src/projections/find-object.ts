import { ownerOf, type ClusterObject } from './cluster-view.ts';

/**
 * By its kind, name and place: the consortium's own namespace, or a member's. Whoever may write in another namespace may use
 * any name there.
 */
export const findObject = <T extends ClusterObject>(objects: readonly ClusterObject[], kind: string, name: string, member?: string): T | undefined =>
  objects.find((object): object is T => object.kind === kind && object.metadata.name === name && ownerOf(object)?.member === member);
