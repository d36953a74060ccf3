import { getRecord, id, listBy, mspId, pageArgs, toJson, type JsonValue } from '@guildhall/contract-base';
import { note, type Note } from './note.ts';
import { define } from './settings.ts';

/** Hops are limited, splits are not: nobody can make a way so long that it cannot be read. */
const stepsAtOnce = 200;

export const lineage = define.read({
  title: 'Lineage',
  description: `The way from a note up to the root of its receivable, the note first; ${stepsAtOnce} notes at once, then \`next\` is where it goes on.`,
  args: { id: id('Note') },
  async run({ ledger }, args) {
    const path: JsonValue[] = [];
    let next: string | undefined = args.id;
    while (next !== undefined && path.length < stepsAtOnce) {
      const step: Note = await getRecord(ledger, note, next);
      path.push(toJson(step));
      next = step.data.parent;
    }
    return next === undefined ? { path } : { path, next };
  },
});

export const holdings = define.read({
  title: 'Holdings',
  description: 'The notes that a member holds, offered ones included.',
  args: { holder: mspId('Holder'), ...pageArgs },
  run: async ({ ledger }, args) => listBy(ledger, note, 'holder', args.holder, args),
});
