import { ApiProblem } from '../errors.ts';
import type { Place } from './index-queries.ts';

/** Up to where a subscriber knows a ledger: up to a transaction, or to the end of a block. */
export interface Checkpoint extends Place {
  uid: string;
  /** Of the block, its beginning: a ledger that was restored to an earlier state has another block at this place. */
  hash: string;
}

/** After the last transaction that a block can have. */
export const endOfBlock = 2_147_483_647;

export const hashPrefix = (hash: Uint8Array): string => Buffer.from(hash).toString('hex').slice(0, 16);

export const printCheckpoint = ({ uid, block, position, hash }: Checkpoint): string => [uid, block, position === endOfBlock ? 'end' : position, hash].join('.');

const form = /^(?<uid>[0-9a-f-]{36})\.(?<block>\d{1,15})\.(?<position>end|\d{1,9})\.(?<hash>[0-9a-f]{16})$/;

const refused = (code: 'INVALID_INPUT' | 'CONFLICT', message: string): ApiProblem =>
  new ApiProblem({ code, path: 'after', message: `after: ${message}`, nextAction: 'subscribe without it, and make anew what was made of the events before' });

/** Throws for what is no checkpoint, or one of another channel than the one with this uid. */
export function parseCheckpoint(text: string, uid: string): Checkpoint {
  const parts = form.exec(text)?.groups;
  if (!parts) throw refused('INVALID_INPUT', 'it is not a checkpoint that came from here');
  if (parts['uid'] !== uid) throw refused('CONFLICT', 'the checkpoint is of another channel, or of one that was deleted and made anew under the same name');
  return { uid, block: Number(parts['block']), position: parts['position'] === 'end' ? endOfBlock : Number(parts['position']), hash: parts['hash'] ?? '' };
}

export const restored = (block: number): ApiProblem => refused('CONFLICT', `block ${block} of the checkpoint is not on the ledger any more: it was restored to an earlier state`);
