import { shortName, channelName, contractName, applicationRole } from '@guildhall/resources';
import { z } from 'zod';

const maxArgumentBytes = 1024 * 1024;

export const transactionInput = z.strictObject({
  consortium: shortName,
  /** In whose name. */
  member: shortName,
  channel: channelName,
  contract: contractName,
  function: z.string().min(1).max(200),
  args: z
    .array(z.string().max(maxArgumentBytes))
    .max(50)
    .default([])
    .refine((args) => args.reduce((sum, arg) => sum + arg.length, 0) <= maxArgumentBytes, 'the arguments together are larger than 1 MiB'),
  /** The contract role to act in; it must be one of the member's. */
  role: applicationRole.optional(),
});

export const submitInput = transactionInput.extend({
  /** Under which the contract knows the call when it is sent again: what was done is not done twice. Left out: a new one. */
  requestId: z.string().min(1).max(100).optional(),
  /** Members whose peers endorse; left out: the smallest set that the policy accepts. */
  endorsingMembers: z.array(shortName).min(1).max(50).optional(),
  deadlineMs: z.int().min(1000).max(120_000).default(30_000),
});

export type TransactionInput = z.output<typeof transactionInput>;
export type SubmitInput = z.output<typeof submitInput>;

export interface SubmittedTransaction {
  transactionId: string;
  blockNumber: number;
  validationCode: string;
  /** What the contract answered. */
  result: string;
  endorsers: readonly string[];
  requestId: string | undefined;
}

/** The ledger as the API needs it; the ledger gateway is behind it. */
export interface Ledger {
  submit(input: SubmitInput): Promise<SubmittedTransaction>;
  evaluate(input: TransactionInput): Promise<string>;
}
