import { common, orderer } from '@hyperledger/fabric-protos';
import { type MessageContext, buildHeader, buildPayload } from './header.ts';

/** A block by number, or one of the positions that a node knows. */
export type SeekPosition = 'oldest' | 'newest' | 'nextCommit' | number;

export interface SeekRange {
  readonly channel: string;
  readonly start: SeekPosition;
  /** Left out: the stream goes on until the caller ends it. */
  readonly stop?: SeekPosition;
  /** What happens at a block that does not exist yet: wait for it, or end the stream with NOT_FOUND. */
  readonly whenMissing: 'wait' | 'fail';
}

/** The payload of a deliver request (orderer/ab.proto SeekInfo); sign it and `joinEnvelope`. */
export function buildSeek(range: SeekRange, context: MessageContext): Uint8Array {
  const info = new orderer.SeekInfo();
  info.setStart(encodePosition(range.start));
  info.setStop(encodePosition(range.stop ?? Number.MAX_SAFE_INTEGER));
  info.setBehavior(
    range.whenMissing === 'wait' ? orderer.SeekInfo.SeekBehavior.BLOCK_UNTIL_READY : orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY,
  );
  const { header } = buildHeader({ type: common.HeaderType.DELIVER_SEEK_INFO, channel: range.channel }, context);
  return buildPayload(header, info.serializeBinary());
}

function encodePosition(position: SeekPosition): orderer.SeekPosition {
  const message = new orderer.SeekPosition();
  if (position === 'oldest') message.setOldest(new orderer.SeekOldest());
  else if (position === 'newest') message.setNewest(new orderer.SeekNewest());
  else if (position === 'nextCommit') message.setNextCommit(new orderer.SeekNextCommit());
  else {
    const specified = new orderer.SeekSpecified();
    specified.setNumber(position);
    message.setSpecified(specified);
  }
  return message;
}
