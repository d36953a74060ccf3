import type { ChangeNodeInput } from '../graphql/generated/graphql.ts';
import type { NodeName } from './node-name.ts';

export const changeable = ['cpu', 'memory', 'storage'] as const;
export type ChangeDraft = Record<(typeof changeable)[number], string>;

/** What is sent: what is different from what the node has. Undefined when nothing is. */
export function inputOfChange({ consortium, member, name }: NodeName, draft: ChangeDraft, standing: ChangeDraft): ChangeNodeInput | undefined {
  const different = changeable.filter((field) => draft[field].trim() !== standing[field] && draft[field].trim() !== '');
  return different.length === 0 ? undefined : { consortium, member, name, ...Object.fromEntries(different.map((field) => [field, draft[field].trim()])) };
}
