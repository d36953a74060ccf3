import {
  date,
  documentDigest,
  id,
  instant,
  integer,
  list,
  moneySchema,
  mspId,
  object,
  optional,
  text,
  type AssetRecord,
  type Infer,
  type Kind,
} from '@guildhall/contract-base';

const documents = list(documentDigest('Document'), { title: 'Documents it stands on', minItems: 1, maxItems: 20 });
export const face = moneySchema('Face value');
export const due = date('Due date');
export { documents as docs };

/**
 * A receivable, or a part of one. The first note of a receivable is its root; splitting a note or handing it over spends it and makes
 * children. The notes that are not spent are the leaves: together with the void ones they are worth the root's face at all times.
 */
const noteData = object({
  root: id('The first note of this receivable'),
  parent: optional(id('The note that this one came from')),
  debtor: mspId('Who owes'),
  creditor: mspId('Whom it was first owed to'),
  holder: mspId('Whom it is owed to now'),
  issuedBy: mspId('Who issued it'),
  face,
  due,
  docs: documents,
  hops: integer({ title: 'Times it changed hands', minimum: 0, maximum: 1000 }),
  offer: optional(object({ to: mspId('To'), expiry: instant('Open until') })),
  voidReason: optional(text({ title: 'Why it is void', maxLength: 500 })),
  /** Since 2.0.0: who agreed to cancel it. */
  cancelledBy: optional(list(mspId('Member'), { title: 'Agreed to cancel', maxItems: 2 })),
});
export type NoteData = Infer<typeof noteData>;
export type Note = AssetRecord<NoteData>;

export const note: Kind<NoteData> = {
  name: 'note',
  title: 'Note',
  states: {
    ISSUED: { title: 'Issued, not confirmed by the other side' },
    HELD: { title: 'Owed to its holder' },
    LOCKED: { title: 'Offered to someone' },
    SPENT: { title: 'Replaced by its children', final: true },
    VOID: { title: 'Of no effect', final: true },
  },
  data: noteData,
  indexes: ({ state, data }) => ({ holder: state === 'HELD' || state === 'LOCKED' ? data.holder : undefined }),
  lapsed: (record, now) =>
    record.state === 'LOCKED' && record.data.offer !== undefined && record.data.offer.expiry <= now ? unlocked(record) : record,
};

/** The note as it was before it was offered. */
export function unlocked(record: Note): Note {
  const { offer: _, ...data } = record.data;
  return { ...record, state: 'HELD', data };
}
