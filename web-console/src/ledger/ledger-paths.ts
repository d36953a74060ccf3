import { consortiumPath } from '../app/paths.ts';

/** Where the screens of one channel's ledger are. */
export interface LedgerPlace {
  consortium: string;
  channel: string;
}

export const ledgerPath = ({ consortium, channel }: LedgerPlace): string => `${consortiumPath(consortium)}/ledger/${encodeURIComponent(channel)}`;
export const blocksPath = (place: LedgerPlace, from: number): string => `${ledgerPath(place)}?from=${from}`;
export const blockPath = (place: LedgerPlace, number: number): string => `${ledgerPath(place)}/blocks/${number}`;
export const transactionsPath = (place: LedgerPlace): string => `${ledgerPath(place)}/transactions`;
export const transactionPath = (place: LedgerPlace, id: string): string => `${transactionsPath(place)}/${encodeURIComponent(id)}`;
export const keysPath = (place: LedgerPlace): string => `${ledgerPath(place)}/keys`;
export const keyPath = (place: LedgerPlace, contract: string, key: string): string => `${keysPath(place)}?${new URLSearchParams({ contract, key })}`;
