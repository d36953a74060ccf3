import type { Actor, Caller } from '@guildhall/contract-base';
import type { Note } from './note.ts';

export const roles = {
  debtor: 'Owes what it confirms',
  supplier: 'Is owed for what it delivered, and passes notes on',
  funder: 'Takes notes over for money',
};

/** Roles in which a note can be held and handed on. */
const holding = ['supplier', 'funder', 'debtor'];

interface NewNote {
  readonly caller: Caller;
  readonly args: { readonly debtor: string; readonly creditor: string };
}
interface OnNote {
  readonly caller: Caller;
  readonly record: Note;
}

export const issuingDebtor: Actor<NewNote> = {
  name: 'debtor',
  title: 'the debtor',
  roles: ['debtor'],
  is: ({ caller, args }) => caller.mspId === args.debtor,
};

export const issuingCreditor: Actor<NewNote> = {
  name: 'supplier',
  title: 'the creditor',
  roles: ['supplier'],
  is: ({ caller, args }) => caller.mspId === args.creditor,
};

export const confirmingDebtor: Actor<OnNote> = {
  name: 'debtor',
  title: 'the debtor of a note that the creditor issued',
  roles: ['debtor'],
  is: ({ caller, record: { data } }) => data.issuedBy !== data.debtor && caller.mspId === data.debtor,
};

export const confirmingCreditor: Actor<OnNote> = {
  name: 'supplier',
  title: 'the creditor of a note that the debtor issued',
  roles: ['supplier'],
  is: ({ caller, record: { data } }) => data.issuedBy === data.debtor && caller.mspId === data.creditor,
};

export const holder: Actor<OnNote> = {
  name: 'holder',
  title: 'the holder',
  roles: holding,
  is: ({ caller, record }) => caller.mspId === record.data.holder,
};

export const receiver: Actor<OnNote> = {
  name: 'receiver',
  title: 'whom the note is offered to',
  roles: holding,
  is: ({ caller, record }) => caller.mspId === record.data.offer?.to,
};

export const owingDebtor: Actor<OnNote> = {
  name: 'debtor',
  title: 'the debtor',
  roles: ['debtor'],
  is: ({ caller, record }) => caller.mspId === record.data.debtor,
};
