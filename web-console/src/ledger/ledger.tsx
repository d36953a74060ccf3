import { Route, Routes } from 'react-router';
import { NotFound } from '../app/not-found.tsx';
import { Block } from './block.tsx';
import { Blocks } from './blocks.tsx';
import { FirstLedger } from './first-ledger.tsx';
import { Keys } from './keys.tsx';
import { Transaction } from './transaction.tsx';
import { Transactions } from './transactions.tsx';

/** The screens of a consortium's ledgers, one for each channel. */
export function Ledger() {
  return (
    <Routes>
      <Route index element={<FirstLedger />} />
      <Route path=":channel" element={<Blocks />} />
      <Route path=":channel/blocks/:number" element={<Block />} />
      <Route path=":channel/transactions" element={<Transactions />} />
      <Route path=":channel/transactions/:id" element={<Transaction />} />
      <Route path=":channel/keys" element={<Keys />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
