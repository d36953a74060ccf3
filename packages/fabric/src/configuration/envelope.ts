import { common } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { type Identity, serializeIdentity } from '../identity/index.ts';
import { decodeExact, sameBytes } from '../protobuf.ts';
import { type MessageContext, buildHeader, buildPayload, buildSignatureHeader } from '../proposal/header.ts';

const NONCE_LENGTH = 24;

/** A member's consent to an update, the unsigned half: `bytes` (signature header and update) is what is signed. */
export interface UnsignedConfigSignature {
  readonly bytes: Uint8Array;
  readonly signatureHeader: Uint8Array;
}

/** A member's signature under an update. */
export interface ConfigSignature {
  readonly signatureHeader: Uint8Array;
  readonly signature: Uint8Array;
}

export function buildConfigSignature(update: Uint8Array, context: Pick<MessageContext, 'creator' | 'nonce'>): UnsignedConfigSignature {
  const signatureHeader = buildSignatureHeader(context);
  return { signatureHeader, bytes: new Uint8Array(Buffer.concat([signatureHeader, update])) };
}

export const joinConfigSignature = ({ signatureHeader }: UnsignedConfigSignature, signature: Uint8Array): ConfigSignature => ({
  signatureHeader,
  signature,
});

/**
 * The update in bytes that `identity` is asked to sign; `applyConfigUpdate` says what it does. The two parts have no mark
 * between them, so the header must be exactly the one of this identity with a nonce of 24 bytes.
 */
export function decodeConfigSignature(
  bytes: Uint8Array,
  identity: Identity,
): { readonly update: Uint8Array; readonly signatureHeader: Uint8Array } {
  const { length } = buildSignatureHeader({ creator: identity, nonce: new Uint8Array(NONCE_LENGTH).fill(1) });
  const signatureHeader = bytes.subarray(0, length);
  const header = decodeExact(common.SignatureHeader, signatureHeader, 'SignatureHeader');
  if (header.getNonce_asU8().length !== NONCE_LENGTH || !sameBytes(header.getCreator_asU8(), serializeIdentity(identity))) {
    throw new DecodeError('MALFORMED_MESSAGE', `These bytes are not for a signature of ${identity.mspId}.`);
  }
  return { update: bytes.subarray(length), signatureHeader };
}

/**
 * The payload of the transaction that carries a signed update to an orderer (CONFIG_UPDATE); sign it and `joinEnvelope`.
 * Who submits need not be one of the signers, but must satisfy the channel's Writers.
 */
export function buildConfigUpdateTransaction(
  channel: string,
  update: Uint8Array,
  signatures: readonly ConfigSignature[],
  context: MessageContext,
): { readonly bytes: Uint8Array; readonly transactionId: string } {
  const envelope = new common.ConfigUpdateEnvelope();
  envelope.setConfigUpdate(update);
  envelope.setSignaturesList(
    signatures.map(({ signatureHeader, signature }) => {
      const message = new common.ConfigSignature();
      message.setSignatureHeader(signatureHeader);
      message.setSignature(signature);
      return message;
    }),
  );
  const { header, transactionId } = buildHeader({ type: common.HeaderType.CONFIG_UPDATE, channel }, context);
  return { bytes: buildPayload(header, envelope.serializeBinary()), transactionId };
}

/** The update and its signatures in the payload of such a transaction. */
export function decodeConfigUpdateTransaction(bytes: Uint8Array): {
  readonly update: Uint8Array;
  readonly signatures: readonly ConfigSignature[];
} {
  const payload = decodeExact(common.Payload, bytes, 'Payload');
  const header = decodeExact(common.ChannelHeader, payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(), 'ChannelHeader');
  if (header.getType() !== common.HeaderType.CONFIG_UPDATE)
    throw new DecodeError(
      'MALFORMED_MESSAGE',
      `The header has type ${header.getType()} instead of ${common.HeaderType.CONFIG_UPDATE} (a configuration update).`,
    );
  const envelope = decodeExact(common.ConfigUpdateEnvelope, payload.getData_asU8(), 'ConfigUpdateEnvelope');
  return {
    update: envelope.getConfigUpdate_asU8(),
    signatures: envelope
      .getSignaturesList()
      .map((message) => ({ signatureHeader: message.getSignatureHeader_asU8(), signature: message.getSignature_asU8() })),
  };
}
