import type { Template } from '@guildhall/contract-base';
import { roles } from './actors.ts';
import { note } from './note.ts';
import { accept, confirm, decline, issue, offer, reject, split, withdraw } from './operations.ts';
import { holdings, lineage } from './reads.ts';
import { exampleConfig, settings, type Settings } from './settings.ts';

/** What every version of the template has. */
export const receivable: Omit<Template<Settings>, 'version'> = {
  code: 'RCV',
  title: 'Receivable',
  description:
    'A debt between two members that both confirm, that its holder splits and hands on, and that is never worth more or less than at first.',
  roles,
  kinds: [note],
  settings,
  exampleConfig,
  operations: {
    Issue: issue,
    Confirm: confirm,
    Reject: reject,
    Split: split,
    Offer: offer,
    Accept: accept,
    Decline: decline,
    Withdraw: withdraw,
    Lineage: lineage,
    Holdings: holdings,
  },
};
