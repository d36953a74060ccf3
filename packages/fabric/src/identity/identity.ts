import { msp } from '@hyperledger/fabric-protos';
import { DecodeError, IdentityError } from '../errors.ts';
import { decodeExact, textOf, utf8 } from '../protobuf.ts';

/** Who signs: a member's MSP id and one enrollment certificate in PEM. */
export interface Identity {
  readonly mspId: string;
  readonly certificate: string;
}

/**
 * Signs for one identity. `sign` receives the message itself (not its hash) and gives an ASN.1 DER signature with low S;
 * it may take as long as a person needs.
 */
export interface Signer {
  readonly identity: Identity;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** SerializedIdentity (msp/identities.proto): the bytes that Fabric calls `creator`. */
export function serializeIdentity(identity: Identity): Uint8Array {
  if (identity.mspId === '') throw new IdentityError('INVALID_MSP', 'An identity needs the id of its MSP.');
  if (!identity.certificate.includes('-----BEGIN CERTIFICATE-----')) {
    throw new IdentityError('INVALID_CERTIFICATE', `The identity of ${identity.mspId} has no certificate in PEM.`);
  }
  const message = new msp.SerializedIdentity();
  message.setMspid(identity.mspId);
  message.setIdBytes(utf8(identity.certificate));
  return message.serializeBinary();
}

export function parseIdentity(bytes: Uint8Array): Identity {
  const message = decodeExact(msp.SerializedIdentity, bytes, 'SerializedIdentity');
  const certificate = textOf(message.getIdBytes_asU8());
  if (certificate === undefined) throw new DecodeError('MALFORMED_MESSAGE', 'The identity does not hold a certificate in PEM.');
  return { mspId: message.getMspid(), certificate };
}
