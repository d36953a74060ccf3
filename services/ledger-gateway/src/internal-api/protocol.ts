import { z } from 'zod';
import type { LedgerBlocks } from '../blocks/ledger-blocks.ts';
import type { LedgerGateway } from '../gateway.ts';

/**
 * The gateway between processes: `POST /v1/<call>` over TLS with a ServiceAccount's token; a JSON object is asked with, the answer is
 * `{"result": …}` or `{"error": …}`. `follow` answers a line for each block, empty ones to show that it lives, and one that says how it ended.
 */
export const pathOf = (call: string): string => `/v1/${call}`;

/** For whom the tokens of callers are made out. */
export const TOKEN_AUDIENCE = 'guildhall-ledger-gateway';

/** The API takes arguments of 1 MiB, which escapes of JSON can make six times as long. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** So often a stream shows that it lives. Who reads it takes it for dead when it was quiet for three times that. */
export const HEARTBEAT_MS = 15_000;

/** What the control plane uses of a gateway. */
export type ServedGateway = Pick<LedgerGateway, 'submitTransaction' | 'evaluateTransaction'> & {
  readonly blocks: LedgerBlocks;
};

const name = z.string().min(1).max(253);
const number = z.int().min(0);
const args = z.array(z.string()).max(1_000);

const evaluate = z.strictObject({
  consortium: name,
  member: name,
  channel: name,
  contract: name,
  function: z.string().max(1_000),
  args,
  transient: z.record(z.string().max(1_000), z.string()).exactOptional(),
  role: name.exactOptional(),
  deadlineMs: z.number().exactOptional(),
  seen: z.strictObject({ ledger: z.string().max(1_000), blockNumber: number }).exactOptional(),
});
const submit = evaluate.extend({
  requestId: z.string().max(1_000).exactOptional(),
  endorsingMembers: z.array(name).max(1_000).exactOptional(),
});
const address = z.strictObject({
  consortium: name,
  channel: name,
  uid: name.exactOptional(),
  member: name.exactOptional(),
});
/** SHA-256, as all hashes of blocks. */
const hash = z
  .base64()
  .length(44)
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')));

/**
 * What may be asked. A field that is not known is refused: one that a newer caller relies on must not get lost.
 */
export const requestSchemas = {
  submitTransaction: submit,
  evaluateTransaction: evaluate,
  height: z.strictObject({ address }),
  block: z.strictObject({ address, number }),
  blockOfTransaction: z.strictObject({ address, transactionId: z.string().max(1_000) }),
  configuration: z.strictObject({ address, number }),
  configurations: z.strictObject({ address, before: number.exactOptional(), limit: number }),
  settings: z.strictObject({ address }),
  follow: z.strictObject({ address, after: z.strictObject({ number, hash }).exactOptional() }),
};
export type CallName = keyof typeof requestSchemas;
export type CallInput<Name extends CallName> = z.input<(typeof requestSchemas)[Name]>;
export type CallRequest<Name extends CallName> = z.output<(typeof requestSchemas)[Name]>;

export const isCallName = (text: string): text is CallName => Object.hasOwn(requestSchemas, text);
