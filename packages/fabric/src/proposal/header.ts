import { common } from '@hyperledger/fabric-protos';
import { type Identity, serializeIdentity, transactionId } from '../identity/index.ts';
import { decode, fromTimestamp, required, toTimestamp } from '../protobuf.ts';

/** What makes each message unique and dated. Servers refuse proposals and seek requests more than 15 minutes off their clock. */
export interface MessageContext {
  readonly creator: Identity;
  /** 24 random bytes, never used twice by one creator (`randomNonce`). */
  readonly nonce: Uint8Array;
  readonly timestamp: Date;
}

interface ChannelHeaderFields {
  readonly type: common.HeaderTypeMap[keyof common.HeaderTypeMap];
  readonly channel: string;
  readonly extension?: Uint8Array;
}

/** Header{ChannelHeader, SignatureHeader} with the transaction id that Fabric computes from nonce and creator. */
export function buildHeader(fields: ChannelHeaderFields, context: MessageContext): { header: common.Header; transactionId: string } {
  const creator = serializeIdentity(context.creator);
  const id = transactionId(context.nonce, creator);

  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(fields.type);
  channelHeader.setChannelId(fields.channel);
  channelHeader.setTxId(id);
  channelHeader.setTimestamp(toTimestamp(context.timestamp));
  if (fields.extension !== undefined) channelHeader.setExtension$(fields.extension);

  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(buildSignatureHeader(context));
  return { header, transactionId: id };
}

export function buildSignatureHeader({ creator, nonce }: Pick<MessageContext, 'creator' | 'nonce'>): Uint8Array {
  const message = new common.SignatureHeader();
  message.setCreator(serializeIdentity(creator));
  message.setNonce(nonce);
  return message.serializeBinary();
}

export interface DecodedHeader {
  readonly type: number;
  readonly channel: string;
  readonly transactionId: string;
  readonly timestamp: Date | undefined;
  /** SerializedIdentity; empty in a genesis block. */
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  readonly extension: Uint8Array;
}

/** `read` is `decodeExact` where somebody is about to sign, `decode` for what others made. */
export function decodeHeader(header: common.Header, read: typeof decode = decode): DecodedHeader {
  const channelHeader = read(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader');
  const signatureHeader = read(common.SignatureHeader, header.getSignatureHeader_asU8(), 'SignatureHeader');
  return {
    type: channelHeader.getType(),
    channel: channelHeader.getChannelId(),
    transactionId: channelHeader.getTxId(),
    timestamp: fromTimestamp(channelHeader.getTimestamp()),
    creator: signatureHeader.getCreator_asU8(),
    nonce: signatureHeader.getNonce_asU8(),
    extension: channelHeader.getExtension_asU8(),
  };
}

/** The payload of an envelope: what is signed. */
export function buildPayload(header: common.Header, data: Uint8Array): Uint8Array {
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(data);
  return payload.serializeBinary();
}

/** Joins the two halves of an envelope: payload bytes and the signature over exactly them. */
export function joinEnvelope(payload: Uint8Array, signature: Uint8Array): common.Envelope {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(signature);
  return envelope;
}

export function headerOf(payload: common.Payload): common.Header {
  return required(payload.getHeader(), 'header');
}
