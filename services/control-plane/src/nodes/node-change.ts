import { amountOf, type Node } from '@guildhall/resources';
import type { ChangeNodeInput } from './node-input.ts';

/** What is to be different in a node's spec. */
export type NodeChange = Pick<ChangeNodeInput, 'cpu' | 'memory' | 'storage' | 'version'>;
type Field = keyof NodeChange;

export const changeableFields: readonly Field[] = ['cpu', 'memory', 'storage', 'version'];

/** As the node has it now; undefined: as much as there is. */
export const standingOf = ({ resources, storage, version }: Node['spec']): Record<Field, string | undefined> => ({ cpu: resources?.cpu, memory: resources?.memory, storage: storage.size, version });

/** Whether the node has this of a wish, however it is written: 1024Mi are 1Gi. */
export function isSo(field: Field, wish: string | undefined, spec: Node['spec']): boolean {
  const standing = standingOf(spec)[field];
  return wish !== undefined && (wish === standing || (field !== 'version' && amountOf(wish) === amountOf(standing ?? '')));
}

/** What of the wish is not so already. */
export const changeOf = (input: ChangeNodeInput, spec: Node['spec']): NodeChange =>
  Object.fromEntries(changeableFields.flatMap((field) => (input[field] === undefined || isSo(field, input[field], spec) ? [] : [[field, input[field]]])));

/** What is read at the start of a process. */
export const makesAnotherPod = ({ cpu, memory, version }: NodeChange): boolean => [cpu, memory, version].some((each) => each !== undefined);

export function withChange(spec: Node['spec'], { cpu, memory, storage, version }: NodeChange): Node['spec'] {
  const resources = { ...spec.resources, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return {
    ...spec,
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    storage: { ...spec.storage, ...(storage === undefined ? {} : { size: storage }) },
    version: version ?? spec.version,
  };
}

/** As it was before, but for the size of the volume, which cannot go back, and for what others have changed since. */
export function withoutChange(spec: Node['spec'], change: NodeChange, former: Pick<Node['spec'], 'resources' | 'version'>): Node['spec'] {
  const { resources, ...rest } = spec;
  const given = Object.entries({ ...resources, ...Object.fromEntries(sizes.filter((size) => isSo(size, change[size], spec)).map((size) => [size, former.resources?.[size]])) });
  const kept = Object.fromEntries(given.filter(([, amount]) => amount !== undefined));
  return { ...rest, ...(Object.keys(kept).length === 0 ? {} : { resources: kept }), version: isSo('version', change.version, spec) ? former.version : spec.version };
}

const sizes = ['cpu', 'memory'] as const;
