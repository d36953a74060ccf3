import { z } from 'zod';
import { LedgerChangedError } from '../blocks/follow-blocks.ts';
import { TRANSACTION_ERROR_CODES, TransactionError, type TransactionErrorCode } from '../errors.ts';

const codes = Object.keys(TRANSACTION_ERROR_CODES) as [TransactionErrorCode, ...TransactionErrorCode[]];
const text = z.string();
const optional = text.exactOptional();

const wireError = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('TransactionError'),
    code: z.enum(codes),
    message: text,
    nextAction: text,
    contract: z.object({ code: text, message: text, path: optional, nextAction: optional }).exactOptional(),
    validation: z.object({ code: z.number(), name: text }).exactOptional(),
    transactionId: optional,
    requestId: optional,
    nodes: z.array(z.object({ address: text, mspId: optional, message: text })),
  }),
  z.object({ type: z.literal('LedgerChangedError'), message: text }),
  /** A fault of the gateway: who called can do nothing about it. */
  z.object({ type: z.literal('Fault'), message: text }),
]);
export type WireError = z.output<typeof wireError>;

/** The errors that callers tell apart; undefined for others, which are faults of the gateway. Causes stay in its process: they are for its log. */
export function errorToWire(error: unknown): Exclude<WireError, { type: 'Fault' }> | undefined {
  if (error instanceof LedgerChangedError) return { type: 'LedgerChangedError', message: error.message };
  if (!(error instanceof TransactionError)) return undefined;
  const { code, message, nextAction, contract, validation, transactionId, requestId, nodes } = error;
  return {
    type: 'TransactionError',
    code,
    message,
    nextAction,
    ...(contract === undefined ? {} : { contract }),
    ...(validation === undefined ? {} : { validation }),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(requestId === undefined ? {} : { requestId }),
    nodes: nodes.map(({ address, mspId, message }) => ({ address, ...(mspId === undefined ? {} : { mspId }), message })),
  };
}

/** The same error again; undefined when this is none, or one that only a newer version knows. */
export function errorFromWire(wire: unknown): Error | undefined {
  const { data } = wireError.safeParse(wire);
  if (data === undefined) return undefined;
  if (data.type === 'LedgerChangedError') return new LedgerChangedError(data.message);
  if (data.type === 'Fault') return new Error(data.message);
  const { type: _, code, message, ...details } = data;
  return new TransactionError(code, message, details);
}
