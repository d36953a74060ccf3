import { amountOf, type Node } from '@guildhall/resources';
import type { Problem } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { changeableFields, makesAnotherPod, standingOf, type NodeChange } from './node-change.ts';
import type { ChangeNodeInput } from './node-input.ts';
import { restartConsequences } from './restarting.ts';
import { waitsFor } from './waits-for.ts';

/** Why it cannot become so. */
export function changeProblems(input: ChangeNodeInput, { spec }: Node, change: NodeChange): Problem[] {
  const { member, name, storage } = input;
  if (changeableFields.every((field) => input[field] === undefined)) {
    return [{ code: 'INVALID_INPUT', message: 'nothing is named that is to be different', nextAction: `name some of ${changeableFields.join(', ')}` }];
  }
  if (storage !== undefined && amountOf(storage) < amountOf(spec.storage.size)) {
    const message = `storage: a volume can only grow, and that of ${member}/${name} has ${spec.storage.size}`;
    const nextAction = spec.role === 'peer' ? 'name a larger size; for a smaller volume, add another peer with it and remove this one' : 'name a larger size; the volume of an orderer cannot become smaller at all';
    return [{ code: 'INVALID_INPUT', path: 'storage', message, nextAction }];
  }
  if (Object.keys(change).length === 0) {
    return [{ code: 'CONFLICT', message: `${member}/${name} has all of this already`, nextAction: 'name what is to be different' }];
  }
  return [];
}

const notGrown =
  'Where the storage class does not let it, the operation fails with VolumeNotGrown, and the node runs on with the volume that it has. The wish stays in the node, also when the operation is cancelled, and the cluster is asked again every minute.';

/** What comes of it, a sentence each. */
export function changeConsequences(objects: readonly ClusterObject[], { member, name }: ChangeNodeInput, { spec }: Node, change: NodeChange): string[] {
  const node = `${member}/${name}`;
  const standing = standingOf(spec);
  const { cpu, memory, storage, version } = change;
  return [
    ...(cpu === undefined ? [] : [`${node} gets ${cpu} of the processors instead of ${standing.cpu ?? 'as much as there is'}.`]),
    ...(memory === undefined ? [] : [`${node} gets ${memory} of memory instead of ${standing.memory ?? 'as much as there is'}.`]),
    ...(version === undefined ? [] : [`${node} runs Fabric ${version} instead of ${standing.version}.`]),
    ...(storage === undefined ? [] : [`The volume of ${node} grows from ${standing.storage} to ${storage}, if its storage class lets it; it cannot become smaller again.`, notGrown]),
    ...(makesAnotherPod(change)
      ? [...restartConsequences(objects, member, name), 'Nodes of a consortium change one after the other: it waits for its turn, and until the others that are needed are up.']
      : ['Its process goes on meanwhile.']),
  ];
}

/** Who is down now, so that it waits. A larger volume alone waits for nobody. */
export const changeWarnings = (objects: readonly ClusterObject[], { member, name }: ChangeNodeInput, change: NodeChange): string[] =>
  makesAnotherPod(change) ? waitsFor(objects, member, name) : [];
