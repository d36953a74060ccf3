export {
  type DeliveredBlock,
  type FilteredBlock,
  type FilteredTransaction,
  deliverFiltered,
  deliverFromOrderer,
  deliverFromPeer,
} from './deliver.ts';
