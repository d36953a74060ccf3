import { createContract } from '@guildhall/contract-base';
import { receivable } from './receivable.ts';

export const { describe, invoke } = createContract({ ...receivable, version: '1.0.0' });
