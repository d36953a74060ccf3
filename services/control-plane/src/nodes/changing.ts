import { amountOf, type Node } from '@guildhall/resources';
import type { Problem } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { changeableFields, makesAnotherPod, standingOf, type NodeChange } from './node-change.ts';
import type { ChangeNodeInput } from './node-input.ts';
import { restartConsequences, restartProblems } from './restarting.ts';

/** Why it cannot become so. */
export function changeProblems(input: ChangeNodeInput, { spec }: Node, change: NodeChange): Problem[] {
  const { member, name, storage } = input;
  if (changeableFields.every((field) => input[field] === undefined)) {
    return [{ code: 'INVALID_INPUT', message: 'nothing is named that is to be different', nextAction: `name some of ${changeableFields.join(', ')}` }];
  }
  if (storage !== undefined && amountOf(storage) < amountOf(spec.storage.size)) {
    const message = `storage: a volume can only grow, and that of ${member}/${name} has ${spec.storage.size}`;
    return [{ code: 'INVALID_INPUT', path: 'storage', message, nextAction: 'name a larger size; for a smaller volume, add another peer with it and remove this one' }];
  }
  if (Object.keys(change).length === 0) {
    return [{ code: 'CONFLICT', message: `${member}/${name} has all of this already`, nextAction: 'name what is to be different' }];
  }
  return [];
}

/** What comes of it, a sentence each. */
export function changeConsequences(objects: readonly ClusterObject[], { member, name }: ChangeNodeInput, { spec }: Node, change: NodeChange): string[] {
  const node = `${member}/${name}`;
  const standing = standingOf(spec);
  const { cpu, memory, storage, version } = change;
  return [
    ...(cpu === undefined ? [] : [`${node} gets ${cpu} of the processors instead of ${standing.cpu ?? 'as much as there is'}.`]),
    ...(memory === undefined ? [] : [`${node} gets ${memory} of memory instead of ${standing.memory ?? 'as much as there is'}.`]),
    ...(version === undefined ? [] : [`${node} runs Fabric ${version} instead of ${standing.version}.`]),
    ...(storage === undefined ? [] : [`The volume of ${node} grows from ${standing.storage} to ${storage}, if its storage class lets it; it cannot become smaller again.`]),
    ...(makesAnotherPod(change)
      ? [...restartConsequences(objects, member, name), 'Nodes of a consortium change one after the other: it waits for its turn, and until the others that are needed are up.']
      : ['Its process goes on meanwhile.']),
  ];
}

/** Who is down now, so that it waits. */
export const changeWarnings = (objects: readonly ClusterObject[], { member, name }: ChangeNodeInput, change: NodeChange): string[] =>
  makesAnotherPod(change) ? restartProblems(objects, member, name).map(({ message }) => message.replace(/^name: /, '')) : [];
