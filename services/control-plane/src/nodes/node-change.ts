import { amountOf, type Node } from '@guildhall/resources';
import type { ChangeNodeInput } from './node-input.ts';

/** What is to be different in a node's spec. */
export type NodeChange = Pick<ChangeNodeInput, 'cpu' | 'memory' | 'storage' | 'version'>;
type Field = keyof NodeChange;

export const changeableFields: readonly Field[] = ['cpu', 'memory', 'storage', 'version'];

/** As the node has it now; undefined: as much as there is. */
export const standingOf = ({ resources, storage, version }: Node['spec']): Record<Field, string | undefined> => ({ cpu: resources?.cpu, memory: resources?.memory, storage: storage.size, version });

/** What of the wish is not so already, however it is written: 1024Mi are 1Gi. */
export function changeOf(input: ChangeNodeInput, spec: Node['spec']): NodeChange {
  const standing = standingOf(spec);
  const isSo = (field: Field, wish: string): boolean => wish === standing[field] || (field !== 'version' && amountOf(wish) === amountOf(standing[field] ?? ''));
  return Object.fromEntries(changeableFields.flatMap((field) => (input[field] === undefined || isSo(field, input[field]) ? [] : [[field, input[field]]])));
}

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

/** As it was before, but for the size of the volume, which cannot go back. */
export function withoutChange(spec: Node['spec'], change: NodeChange, former: Pick<Node['spec'], 'resources' | 'version'>): Node['spec'] {
  const { resources, ...rest } = spec;
  const given = Object.entries({ ...resources, ...Object.fromEntries(sizes.filter((size) => change[size] !== undefined).map((size) => [size, former.resources?.[size]])) });
  const kept = Object.fromEntries(given.filter(([, amount]) => amount !== undefined));
  return { ...rest, ...(Object.keys(kept).length === 0 ? {} : { resources: kept }), version: change.version === undefined ? spec.version : former.version };
}

const sizes = ['cpu', 'memory'] as const;
