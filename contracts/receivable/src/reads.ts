import { getRecord, id, listBy, mspId, pageArgs, toJson, type JsonValue } from '@guildhall/contract-base';
import { note, type Note } from './note.ts';
import { define } from './settings.ts';

export const lineage = define.read({
  title: 'Lineage',
  description: 'The way from a note up to the root of its receivable, the note first.',
  args: { id: id('Note') },
  async run({ ledger }, args) {
    const path: JsonValue[] = [];
    let next: string | undefined = args.id;
    while (next !== undefined) {
      const step: Note = await getRecord(ledger, note, next);
      path.push(toJson(step));
      next = step.data.parent;
    }
    return { path };
  },
});

export const holdings = define.read({
  title: 'Holdings',
  description: 'The notes that a member holds, offered ones included.',
  args: { holder: mspId('Holder'), ...pageArgs },
  run: async ({ ledger }, args) => listBy(ledger, note, 'holder', args.holder, args),
});
