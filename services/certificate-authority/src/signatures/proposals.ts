import { buildProposal, type Call, type DecodedProposal, type Identity } from '@guildhall/fabric';
import { refuse } from './refusal.ts';

/** Fabric refuses proposals that are 15 minutes off its clock; what is nearly stale is not worth a signature. */
const freshForMs = 10 * 60 * 1000;

/** Made by this administrator, now, and never before. */
export function requireOwnAndFresh({ creator, nonce, timestamp }: DecodedProposal, admin: Identity, now: Date): void {
  if (creator.mspId !== admin.mspId || creator.certificate !== admin.certificate) {
    refuse('Denied', `the bytes are in the name of an identity of ${creator.mspId} that is not the administrator of ${admin.mspId}`);
  }
  if (nonce.length !== 24) refuse('Denied', `the nonce has ${nonce.length} bytes instead of 24`);
  const ageMs = now.getTime() - timestamp.getTime();
  if (Math.abs(ageMs) > freshForMs)
    refuse('Expired', `the bytes are dated ${timestamp.toISOString()}, it is ${now.toISOString()}: make fresh ones`);
}

/**
 * The call is the expected one, down to the byte. Both are encoded by the same code under the same header, so that nothing can differ
 * unnoticed.
 */
export function requireCall(decoded: DecodedProposal, expected: Call, what: string): void {
  const context = { creator: decoded.creator, nonce: decoded.nonce, timestamp: decoded.timestamp };
  const [actual, wanted] = [decoded.call, expected].map((call) => buildProposal(call, context).bytes);
  if (actual === undefined || wanted === undefined || Buffer.compare(actual, wanted) !== 0) {
    refuse(
      'Denied',
      `the bytes do not say what the member consented to, ${what}; they differ in ${differences(decoded.call, expected).join(', ') || 'their encoding'}`,
    );
  }
}

function differences(actual: unknown, expected: unknown, path = ''): string[] {
  if (Object.is(actual, expected)) return [];
  if (actual instanceof Uint8Array && expected instanceof Uint8Array) return Buffer.compare(actual, expected) === 0 ? [] : [path];
  if (typeof actual !== 'object' || typeof expected !== 'object' || actual === null || expected === null) return [path];
  const [left, right] = [new Map(Object.entries(actual)), new Map(Object.entries(expected))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), path === '' ? key : `${path}.${key}`),
  );
}
