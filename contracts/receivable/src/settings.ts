import { integer, moneySchema, object, operationsFor, type Config, type Infer } from '@guildhall/contract-base';

export const settings = object({
  maxTermDays: integer({ title: 'Days from issue to the due date, at most', minimum: 1, maximum: 365 }),
  maxHops: integer({ title: 'Times a note may change hands', minimum: 1, maximum: 100 }),
  minimumPart: moneySchema('Smallest part of a split'),
});
export type Settings = Infer<typeof settings>;

export const define = operationsFor<Settings>();

export const exampleConfig: Config<Settings> = {
  parties: [
    { mspId: 'CoreMSP', roles: ['admin', 'debtor'] },
    { mspId: 'SupplierMSP', roles: ['admin', 'supplier'] },
    { mspId: 'BankMSP', roles: ['admin', 'funder'] },
  ],
  clock: { timekeepers: ['CoreMSP', 'SupplierMSP', 'BankMSP'], quorum: 2, skewSec: 300 },
  settings: { maxTermDays: 365, maxHops: 10, minimumPart: { minor: '1', ccy: 'CNY' } },
};
