import { baseRoles, type CatalogueEntry } from '@guildhall/contract-base';
import { receivable } from './receivable.ts';
import { describe } from './v2.ts';

const { config } = JSON.parse(describe()) as Pick<CatalogueEntry, 'config'>;

export const catalogueEntry: CatalogueEntry = {
  id: 'receivable',
  title: receivable.title,
  description: receivable.description,
  versions: [
    { version: '1.0.0', entry: new URL('./v1.ts', import.meta.url).href, changes: 'The first version.' },
    { version: '2.0.0', entry: new URL('./v2.ts', import.meta.url).href, changes: 'Cancel: debtor and holder together make a note void.' },
  ],
  roles: Object.entries({ ...baseRoles, ...receivable.roles }).map(([name, title]) => ({ name, title })),
  defaultEndorsement: 'MAJORITY Endorsement',
  config,
};
