import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { DecodeError } from './errors.ts';

interface Message {
  serializeBinary(): Uint8Array;
}
interface MessageType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

/** Decodes one message; `what` names it in the error. */
export function decode<T extends Message>(type: MessageType<T>, bytes: Uint8Array, what: string): T {
  try {
    return type.deserializeBinary(bytes);
  } catch (cause) {
    throw new DecodeError('MALFORMED_MESSAGE', `These ${bytes.length} bytes cannot be read as ${what}.`, { cause });
  }
}

/**
 * Decodes a message that this package could have built, and nothing else: unknown fields, fields given twice and any
 * other spelling of the same message are refused. Decoders of protobuf differ in such bytes (Go merges a message given
 * twice, this one takes the last), so a signer that read them would not know what a peer reads.
 */
export function decodeExact<T extends Message>(type: MessageType<T>, bytes: Uint8Array, what: string): T {
  const message = decode(type, bytes, what);
  if (!sameBytes(message.serializeBinary(), bytes)) {
    throw new DecodeError(
      'MALFORMED_MESSAGE',
      `These bytes can be read as ${what}, but are not its plain encoding: they hold something hidden, repeated or out of order.`,
    );
  }
  return message;
}

/** The part that a message must have. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new DecodeError('MALFORMED_MESSAGE', `The message has no ${what}.`);
  return value;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

export function toTimestamp(date: Date): timestamp.Timestamp {
  const message = new timestamp.Timestamp();
  const milliseconds = date.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  message.setSeconds(seconds);
  message.setNanos((milliseconds - seconds * 1000) * 1_000_000);
  return message;
}

export function fromTimestamp(message: timestamp.Timestamp | undefined): Date | undefined {
  return message === undefined ? undefined : new Date(message.getSeconds() * 1000 + Math.floor(message.getNanos() / 1_000_000));
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Text of bytes that must be UTF-8; `undefined` when they are not. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
