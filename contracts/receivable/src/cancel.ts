import { owingDebtor, holder } from './actors.ts';
import { note } from './note.ts';
import { releaseDocuments } from './operations.ts';
import { define } from './settings.ts';

export const cancel = define.transition({
  title: 'Cancel',
  description:
    'Debtor and holder agree that a note is void. It is void when both have called this; until then it moves as before, and moving it ends the agreement.',
  kind: note,
  args: {},
  moves: [{ from: ['HELD'], to: ['HELD', 'VOID'] }],
  by: [owingDebtor, holder],
  guards: [
    {
      code: 'DUPLICATE',
      rule: 'Each of the two agrees once',
      check: ({ caller, record: { data } }) => (data.cancelledBy?.includes(caller.mspId) ? `${caller.mspId} agreed already` : undefined),
    },
  ],
  effect({ tx, id, caller, record: { data } }) {
    const cancelledBy = [...(data.cancelledBy ?? []), caller.mspId].sort();
    const complete = cancelledBy.includes(data.debtor) && cancelledBy.includes(data.holder);
    if (complete && data.root === id) releaseDocuments(tx, data);
    return { state: complete ? 'VOID' : 'HELD', data: { ...data, cancelledBy } };
  },
});
