import { createContract } from '@guildhall/contract-base';
import { cancel } from './cancel.ts';
import { receivable } from './receivable.ts';

export const { describe, invoke } = createContract({
  ...receivable,
  version: '2.0.0',
  operations: { ...receivable.operations, Cancel: cancel },
});
