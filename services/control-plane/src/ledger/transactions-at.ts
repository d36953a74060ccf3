import DataLoader from 'dataloader';
import type { BlockTransaction } from '@guildhall/ledger-gateway';
import { ApiProblem } from '../errors.ts';
import type { LedgerReader, LedgerRef } from './ledger-reader.ts';
import { viewOf, type TransactionView } from './transaction-view.ts';

export interface TransactionPlace {
  block: number;
  position: number;
}

/** Blocks in memory at once: each may have megabytes. */
const readers = 4;

/** Reads transactions where they stand, each block once, and keeps of them what `show` makes. Undefined where the ledger has none. */
export async function transactionsAt<Place extends TransactionPlace, T>(
  reader: Pick<LedgerReader, 'block'>,
  ref: LedgerRef,
  places: readonly Place[],
  show: (transaction: BlockTransaction, place: Place) => T,
): Promise<(T | undefined)[]> {
  const waiting = [...new Set(places.map(({ block }) => block))];
  const shown = new Map<Place, T>();
  const work = async (): Promise<void> => {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const block = await reader.block(ref, number);
      for (const place of places) {
        const transaction = place.block === number ? block?.transactions[place.position] : undefined;
        if (transaction) shown.set(place, show(transaction, place));
      }
    }
  };
  await Promise.all(Array.from({ length: readers }, work));
  return places.map((place) => shown.get(place));
}

interface TransactionKey extends TransactionPlace {
  ref: LedgerRef;
}

export type TransactionLoader = DataLoader<TransactionKey, TransactionView, string>;

const missing = ({ ref, block }: TransactionKey): ApiProblem =>
  new ApiProblem({ code: 'NOT_FOUND', message: `block ${block} of channel ${ref.channel} does not hold this transaction any more`, nextAction: 'ask again; the index of the ledger is being made anew' });

/** The transactions that one request shows, in full. */
export const createTransactionLoader = (reader: Pick<LedgerReader, 'block'>): TransactionLoader =>
  new DataLoader<TransactionKey, TransactionView, string>(
    async (keys) => {
      const refs = new Map(keys.map(({ ref }) => [ref.uid, ref]));
      const found = new Map<TransactionKey, TransactionView>();
      for (const ref of refs.values()) {
        const places = keys.filter((key) => key.ref.uid === ref.uid);
        const views = await transactionsAt(reader, ref, places, viewOf);
        views.forEach((view, index) => {
          const place = places[index];
          if (view && place) found.set(place, view);
        });
      }
      return keys.map((key) => found.get(key) ?? missing(key));
    },
    { cacheKeyFn: ({ ref, block, position }) => `${ref.uid}/${block}/${position}` },
  );
