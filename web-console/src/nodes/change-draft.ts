import type { ChangeNodeInput } from '../graphql/generated/graphql.ts';
import type { NodeName } from './node-name.ts';

/** Not the version, which the API can change too: there is one of Fabric so far, so nothing to choose. */
export const changeable = ['cpu', 'memory', 'storage'] as const;
export type Changeable = (typeof changeable)[number];
export type ChangeDraft = Record<Changeable, string>;

/** What is sent: what is different from what the node has. Undefined when nothing is. */
export function inputOfChange({ consortium, member, name }: NodeName, draft: ChangeDraft, standing: ChangeDraft): ChangeNodeInput | undefined {
  const different = changeable.filter((field) => draft[field].trim() !== standing[field] && draft[field].trim() !== '');
  return different.length === 0 ? undefined : { consortium, member, name, ...Object.fromEntries(different.map((field) => [field, draft[field].trim()])) };
}

/** The limit that stays although its field was emptied: what is not sent stays, so the API cannot take a limit away. */
export const keptLimit = (field: Changeable, draft: ChangeDraft, standing: ChangeDraft): string | undefined =>
  field === 'storage' || draft[field].trim() !== '' || standing[field] === '' ? undefined : standing[field];
