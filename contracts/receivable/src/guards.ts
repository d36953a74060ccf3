import { addDays, dateOf, minorOf, sumMinor, type Config, type Guard, type Money } from '@guildhall/contract-base';
import type { Note } from './note.ts';
import type { Settings } from './settings.ts';

interface OnNote {
  readonly record: Note;
  readonly now: string;
}

export const twoParties: Guard<{
  readonly config: Config<Settings>;
  readonly args: { readonly debtor: string; readonly creditor: string };
}> = {
  code: 'INVALID_ARG',
  rule: 'Debtor and creditor are two different members in those roles',
  path: 'creditor',
  check({ config, args: { debtor, creditor } }) {
    if (debtor === creditor) return 'debtor and creditor are the same member';
    const has = (mspId: string, role: string) => config.parties.some((party) => party.mspId === mspId && party.roles.includes(role));
    if (!has(debtor, 'debtor')) return `${debtor} is not agreed on as a debtor`;
    return has(creditor, 'supplier') ? undefined : `${creditor} is not agreed on as a supplier`;
  },
};

export const dueInTerm: Guard<{ readonly config: Config<Settings>; readonly now: string; readonly args: { readonly due: string } }> = {
  code: 'LIMIT',
  rule: 'The due date lies ahead, within the longest term',
  path: 'due',
  check({ config, now, args }) {
    const last = addDays(dateOf(now), config.settings.maxTermDays);
    return args.due > dateOf(now) && args.due <= last ? undefined : `the due date must be after ${dateOf(now)} and not after ${last}`;
  },
};

export const notDue: Guard<OnNote> = {
  code: 'EXPIRED',
  rule: 'Nothing moves once the note is due',
  check: ({ record, now }) => (dateOf(now) < record.data.due ? undefined : `the note was due on ${record.data.due}`),
};

interface Splitting {
  readonly record: Note;
  readonly config: Config<Settings>;
  readonly args: { readonly parts: readonly { readonly id: string; readonly amount: Money }[] };
}

export const partsMakeTheWhole: Guard<Splitting> = {
  code: 'CONSERVATION',
  rule: 'The parts are in the currency of the note and add up to its face exactly',
  path: 'parts',
  check({
    record: {
      data: { face },
    },
    args: { parts },
  }) {
    if (parts.some(({ amount }) => amount.ccy !== face.ccy)) return `the parts must be in ${face.ccy}`;
    const sum = sumMinor(parts.map(({ amount }) => amount));
    return sum === minorOf(face) ? undefined : `the parts add up to ${sum}, the note is worth ${face.minor}`;
  },
};

export const partsLargeEnough: Guard<Splitting> = {
  code: 'LIMIT',
  rule: 'No part is below the smallest part agreed on',
  path: 'parts',
  check({
    config: {
      settings: { minimumPart },
    },
    args: { parts },
  }) {
    const small = parts.find(({ amount }) => amount.ccy === minimumPart.ccy && minorOf(amount) < minorOf(minimumPart));
    return small && `part ${small.id} is below the smallest part of ${minimumPart.minor} ${minimumPart.ccy}`;
  },
};

interface Offering {
  readonly record: Note;
  readonly now: string;
  readonly config: Config<Settings>;
  readonly args: { readonly to: string; readonly expiry: string };
}

export const possibleReceiver: Guard<Offering> = {
  code: 'INVALID_ARG',
  rule: 'The receiver is another member, not the debtor, who may hold notes',
  path: 'to',
  check({ record: { data }, config, args: { to } }) {
    if (to === data.holder) return 'a note is not offered to its own holder';
    if (to === data.debtor) return 'a note is not offered to its debtor';
    const party = config.parties.find(({ mspId }) => mspId === to);
    return party?.roles.some((role) => role === 'supplier' || role === 'funder' || role === 'debtor')
      ? undefined
      : `${to} is not agreed on as someone who may hold notes`;
  },
};

export const openAhead: Guard<Offering> = {
  code: 'INVALID_ARG',
  rule: 'The offer stays open for some time',
  path: 'expiry',
  check: ({ now, args: { expiry } }) => (expiry > now ? undefined : `the offer would be over already; it is ${now}`),
};

export const withinHops: Guard<Offering> = {
  code: 'LIMIT',
  rule: 'The note has not changed hands too often',
  check: ({
    record: { data },
    config: {
      settings: { maxHops },
    },
  }) => (data.hops < maxHops ? undefined : `the note has changed hands ${data.hops} times; ${maxHops} is the limit`),
};
