import { createHash } from 'node:crypto';
import { buildProposal, type Call, type DecodedProposal, type Identity } from '@guildhall/fabric';
import { common, peer } from '@hyperledger/fabric-protos';
import { refuse } from './refusal.ts';

/** Fabric refuses proposals that are 15 minutes off its clock; what is nearly stale is not worth a signature. */
const freshForMs = 10 * 60 * 1000;

/** Made by this administrator, and now. */
export function requireOwnAndFresh({ creator, nonce, timestamp }: DecodedProposal, admin: Identity, now: Date): void {
  if (creator.mspId !== admin.mspId || creator.certificate !== admin.certificate) {
    refuse('Denied', `the bytes are in the name of an identity of ${creator.mspId} that is not the administrator of ${admin.mspId}`);
  }
  if (nonce.length !== 24) refuse('Denied', `the nonce has ${nonce.length} bytes instead of 24`);
  // A timestamp of protobuf reaches far beyond what a Date holds.
  if (Number.isNaN(timestamp.getTime())) refuse('Denied', 'the bytes bear a date beyond the calendar');
  const ageMs = now.getTime() - timestamp.getTime();
  if (Math.abs(ageMs) > freshForMs)
    refuse('Expired', `the bytes are dated ${timestamp.toISOString()}, it is ${now.toISOString()}: make fresh ones`);
}

/**
 * The proposal is the expected call and nothing else, down to the byte: what it says is encoded anew, so that nothing can be in the
 * bytes that was not read. Free are only its nonce and its date. Gives the SHA-256 of the proposal.
 */
export function requireProposal(bytes: Uint8Array, decoded: DecodedProposal, expected: Call, what: string): string {
  const { creator, nonce, timestamp } = decoded;
  if (Buffer.compare(buildProposal(expected, { creator, nonce, timestamp }).bytes, bytes) !== 0) {
    refuse(
      'Denied',
      `the bytes do not say what the member consented to, ${what}; they differ in ${differences(decoded.call, expected).join(', ') || 'fields that Guildhall never sets'}`,
    );
  }
  return createHash('sha256').update(bytes).digest('hex');
}

/** The proposal that the payload of a transaction was made from. */
export function proposalWithin(transaction: Uint8Array): Uint8Array {
  const payload = common.Payload.deserializeBinary(transaction);
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const call = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
  const proposal = new peer.Proposal();
  proposal.setHeader(payload.getHeader()?.serializeBinary() ?? new Uint8Array());
  proposal.setPayload(call.getChaincodeProposalPayload_asU8());
  return proposal.serializeBinary();
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
