import { PkiError } from './errors.ts';

/** Distinguished Encoding Rules (ITU-T X.690), as much as certificates need. Every function returns one complete encoding. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

export function encode(tagByte: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([header(tagByte, content.length), content]);
}

export function sequence(...parts: Uint8Array[]): Uint8Array {
  return encode(tag.sequence, Buffer.concat(parts));
}

/** DER orders the elements of a SET OF by their encodings. */
export function setOf(...parts: Uint8Array[]): Uint8Array {
  return encode(tag.set, Buffer.concat(parts.toSorted((a, b) => Buffer.compare(a, b))));
}

export function boolean(value: boolean): Uint8Array {
  return encode(tag.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** A non-negative INTEGER from its big-endian magnitude. */
export function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const minimal = magnitude.subarray(start);
  const needsSignByte = minimal.length === 0 || (minimal[0] ?? 0) >= 0x80;
  return encode(tag.integer, needsSignByte ? Buffer.concat([Uint8Array.of(0), minimal]) : minimal);
}

export function octetString(content: Uint8Array): Uint8Array {
  return encode(tag.octetString, content);
}

export function bitString(content: Uint8Array): Uint8Array {
  return encode(tag.bitString, Buffer.concat([Uint8Array.of(0), content]));
}

/** A BIT STRING of named bits: trailing zero bits are left out (X.690, 11.2.2). */
export function namedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return encode(tag.bitString, Uint8Array.of(0));
  const highest = Math.max(...bits);
  const bytes = new Uint8Array(2 + (highest >> 3));
  bytes[0] = 7 - (highest & 7);
  for (const bit of bits) bytes[1 + (bit >> 3)] = (bytes[1 + (bit >> 3)] ?? 0) | (0x80 >> (bit & 7));
  return encode(tag.bitString, bytes);
}

export function utf8String(text: string): Uint8Array {
  return encode(tag.utf8String, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Uint8Array {
  return encode(tag.printableString, Buffer.from(text, 'latin1'));
}

export function objectIdentifier(dotted: string): Uint8Array {
  const known = identifiers.get(dotted);
  if (known !== undefined) return known;
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const encoded = encode(tag.objectIdentifier, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
  identifiers.set(dotted, encoded);
  return encoded;
}

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050; whole seconds, in UTC. */
export function time(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < 1950 || year > 9999)
    throw new PkiError('TEMPLATE_INVALID', `a certificate cannot carry the time ${String(date)}`);
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return year < 2050
    ? encode(tag.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : encode(tag.generalizedTime, Buffer.from(digits, 'latin1'));
}

export function explicitTag(number: number, content: Uint8Array): Uint8Array {
  return encode(0xa0 | number, content);
}

export function implicitPrimitive(number: number, content: Uint8Array): Uint8Array {
  return encode(0x80 | number, content);
}

// Filled from a closed set of identifiers only (object-identifiers.ts), so it does not grow.
const identifiers = new Map<string, Uint8Array>();

function header(tagByte: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tagByte, length);
  if (length < 0x100) return Uint8Array.of(tagByte, 0x81, length);
  if (length < 0x10000) return Uint8Array.of(tagByte, 0x82, length >> 8, length & 0xff);
  if (length < 0x1000000) return Uint8Array.of(tagByte, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff);
  throw new PkiError('TOO_LARGE', `an element of ${length} bytes is larger than anything Guildhall encodes`);
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift((rest % 128) | 0x80);
  return digits;
}
