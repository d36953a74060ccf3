import { id, instant, list, moneySchema, mspId, object, text, type Transaction } from '@guildhall/contract-base';
import { confirmingCreditor, confirmingDebtor, holder, issuingCreditor, issuingDebtor, receiver } from './actors.ts';
import { dueInTerm, notDue, openAhead, partsLargeEnough, partsMakeTheWhole, possibleReceiver, twoParties, withinHops } from './guards.ts';
import { docs, due, face, note, unlocked, type NoteData } from './note.ts';
import { define } from './settings.ts';

/** What a child takes over from the note it comes from. */
function childData(parent: { readonly id: string; readonly data: NoteData }, own: Pick<NoteData, 'face' | 'holder' | 'hops'>): NoteData {
  const { root, debtor, creditor, issuedBy, due, docs } = parent.data;
  return { root, parent: parent.id, debtor, creditor, issuedBy, due, docs, ...own };
}

/** Documents of a receivable that is void may back another one. */
export function releaseDocuments(tx: Transaction, { docs }: NoteData): void {
  for (const { alg, digest } of docs) tx.release('document', `${alg}:${digest}`);
}

const children = [{ kind: note, moves: [{ from: [], to: ['HELD'] }] }];

const reason = text({ title: 'Reason', maxLength: 500 });

export const issue = define.creation({
  title: 'Issue',
  description: 'The debtor promises, or the creditor claims, an amount on a date. The other side confirms it.',
  kind: note,
  to: ['ISSUED'],
  args: { debtor: mspId('Debtor'), creditor: mspId('Creditor'), face, due, docs },
  by: [issuingDebtor, issuingCreditor],
  guards: [twoParties, dueInTerm],
  async effect({ tx, id, caller, args }) {
    await Promise.all(args.docs.map(async ({ alg, digest }, index) => tx.claim('document', `${alg}:${digest}`, id, `docs[${index}]`)));
    return { data: { ...args, root: id, holder: args.creditor, issuedBy: caller.mspId, hops: 0 } };
  },
});

export const confirm = define.transition({
  title: 'Confirm',
  description: 'The other side confirms the receivable; from now on the creditor holds it.',
  kind: note,
  args: {},
  moves: [{ from: ['ISSUED'], to: ['HELD'] }],
  by: [confirmingDebtor, confirmingCreditor],
  guards: [notDue],
  effect: () => ({}),
});

export const reject = define.transition({
  title: 'Reject',
  description: 'The other side refuses the receivable; its documents are free again.',
  kind: note,
  args: { reason },
  moves: [{ from: ['ISSUED'], to: ['VOID'] }],
  by: [confirmingDebtor, confirmingCreditor],
  effect({ tx, record, args }) {
    releaseDocuments(tx, record.data);
    return { data: { ...record.data, voidReason: args.reason } };
  },
});

export const split = define.transition({
  title: 'Split',
  description: 'Replaces a note by parts that are worth the same together.',
  kind: note,
  moves: [{ from: ['HELD'], to: ['SPENT'] }],
  args: {
    parts: list(object({ id: id('Id of the part'), amount: moneySchema('Amount') }), { title: 'Parts', minItems: 2, maxItems: 200 }),
  },
  by: [holder],
  guards: [notDue, partsMakeTheWhole, partsLargeEnough],
  also: children,
  async effect({ tx, record, args }) {
    const { holder, hops } = record.data;
    await Promise.all(
      args.parts.map(async (part, index) =>
        tx.create(note, part.id, 'HELD', childData(record, { face: part.amount, holder, hops }), `parts[${index}].id`),
      ),
    );
    return {};
  },
});

export const offer = define.transition({
  title: 'Offer',
  description: 'Offers a note to another member until a time. Until then, or until it is answered or withdrawn, the note does not move.',
  kind: note,
  args: { to: mspId('To'), expiry: instant('Open until') },
  moves: [{ from: ['HELD'], to: ['LOCKED'] }],
  by: [holder],
  guards: [notDue, possibleReceiver, openAhead, withinHops],
  effect({ record, args }) {
    const { cancelledBy: _, ...data } = record.data;
    return { data: { ...data, offer: args } };
  },
});

export const accept = define.transition({
  title: 'Accept',
  description: 'Takes the offered note over: it is spent, and a new one in the name of the receiver takes its place.',
  kind: note,
  args: { newId: id("Id of the receiver's note") },
  moves: [{ from: ['LOCKED'], to: ['SPENT'] }],
  by: [receiver],
  guards: [notDue],
  also: children,
  async effect({ tx, record, caller, args }) {
    const data = childData(record, { face: record.data.face, holder: caller.mspId, hops: record.data.hops + 1 });
    await tx.create(note, args.newId, 'HELD', data, 'newId');
    return { data: record.data };
  },
});

export const decline = define.transition({
  title: 'Decline',
  description: 'Refuses the offer; the holder has the note as before.',
  kind: note,
  args: {},
  moves: [{ from: ['LOCKED'], to: ['HELD'] }],
  by: [receiver],
  effect: ({ record }) => ({ data: unlocked(record).data }),
});

export const withdraw = define.transition({
  title: 'Withdraw',
  description: 'Takes an offer back; the holder has the note as before.',
  kind: note,
  args: {},
  moves: [{ from: ['LOCKED'], to: ['HELD'] }],
  by: [holder],
  effect: ({ record }) => ({ data: unlocked(record).data }),
});
