import { canonicalJson, type JsonValue } from './canonical-json.ts';
import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { object, text } from './schema.ts';
import { sha256Hex } from './sha256.ts';

// A member's request ids are its own: another member cannot take them.

const stored = object({
  request: text({ title: 'SHA-256 of the operation and its arguments', minLength: 64, maxLength: 64 }),
  result: { json: {}, parse: (value: unknown) => value },
});

export const requestKey = (mspId: string, requestId: string): string => `request/${mspId}/${requestId}`;

export interface FormerRequest {
  readonly result: JsonValue;
}

/** The result of the same request sent before, or undefined when it is new. */
export async function formerResult(ledger: Ledger, key: string, digest: string): Promise<FormerRequest | undefined> {
  const text = await ledger.get(key);
  if (text === undefined) return undefined;
  const { request, result } = stored.parse(JSON.parse(text), 'request');
  if (request !== digest)
    throw new ContractError('IDEMPOTENCY_CONFLICT', 'this requestId was used for another request', { path: 'requestId' });
  return { result: result as JsonValue };
}

export const requestDigest = (operation: string, args: unknown): string => sha256Hex(canonicalJson([operation, args]));

export function rememberResult(ledger: Ledger, key: string, digest: string, result: JsonValue): void {
  ledger.put(key, canonicalJson({ request: digest, result }));
}
