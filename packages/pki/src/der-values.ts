import { contentOf, malformed, type DerElement } from './der-reader.ts';
import { tag } from './der-writer.ts';

/** Strict readings of primitive DER values. `where` names the value in errors. */

/** The magnitude of a positive INTEGER without its sign byte. */
export function readPositiveInteger(element: DerElement, where: string): Uint8Array {
  const content = contentOf(element, tag.integer, where);
  const [first, second] = content;
  if (first === undefined) throw malformed(where, 'an empty integer');
  if (first >= 0x80) throw malformed(where, 'a negative integer');
  if (first !== 0) return content;
  if (second === undefined) throw malformed(where, 'zero where a positive integer belongs');
  if (second < 0x80) throw malformed(where, 'an integer that is not minimal');
  return content.subarray(1);
}

export function readSmallInteger(element: DerElement, where: string): number {
  const content = contentOf(element, tag.integer, where);
  if (content.length !== 1 || (content[0] ?? 0x80) >= 0x80) throw malformed(where, 'an integer out of range');
  return content[0] ?? 0;
}

export function readBoolean(element: DerElement, where: string): boolean {
  const content = contentOf(element, tag.boolean, where);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw malformed(where, 'a boolean that is neither 00 nor FF');
  return content[0] === 0xff;
}

/** The bytes of a BIT STRING whose length is a whole number of bytes. */
export function readBitString(element: DerElement, where: string): Uint8Array {
  const content = contentOf(element, tag.bitString, where);
  if (content[0] !== 0) throw malformed(where, 'a bit string of broken bytes');
  return content.subarray(1);
}

export function readNamedBits(element: DerElement, where: string): number[] {
  const content = contentOf(element, tag.bitString, where);
  const unused = content[0];
  const last = content.at(-1);
  if (unused === undefined || last === undefined || unused > 7) throw malformed(where, 'a bit string without its length');
  if (content.length === 1 ? unused !== 0 : (last & ((2 << unused) - 1)) !== 1 << unused)
    throw malformed(where, 'named bits with trailing zeros');
  const bits: number[] = [];
  for (let bit = 0; bit < (content.length - 1) * 8; bit++) if (((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
  return bits;
}

export function readObjectIdentifier(element: DerElement, where: string): string {
  const content = contentOf(element, tag.objectIdentifier, where);
  // 32 bytes hold every identifier in use; a cap keeps long ones from costing anything.
  if (content.length === 0 || content.length > 32) throw malformed(where, 'an object identifier of no or too many bytes');
  const parts: number[] = [];
  let value = 0;
  let inside = false;
  for (const byte of content) {
    if (!inside && byte === 0x80) throw malformed(where, 'an object identifier that is not minimal');
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 256) throw malformed(where, 'an object identifier with an oversized part');
    inside = byte >= 0x80;
    if (!inside) {
      parts.push(value);
      value = 0;
    }
  }
  if (inside) throw malformed(where, 'an object identifier that ends too early');
  const [joined = 0, ...rest] = parts;
  const first = Math.min(2, Math.floor(joined / 40));
  return [first, joined - first * 40, ...rest].join('.');
}

/** The string types that RFC 5280 lets new certificates use. */
export function readText(element: DerElement, where: string): string {
  switch (element.tag) {
    case tag.utf8String:
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(element.content);
      } catch (error) {
        throw Object.assign(malformed(where, 'a string that is not UTF-8'), { cause: error });
      }
    case tag.printableString:
    case tag.ia5String: {
      const text = Buffer.from(element.content).toString('latin1');
      const allowed = element.tag === tag.ia5String ? /^[ -~]*$/ : /^[A-Za-z0-9 '()+,\-./:=?]*$/;
      if (!allowed.test(text)) throw malformed(where, 'a string with characters its type does not have');
      return text;
    }
    default:
      throw malformed(where, `a string of type 0x${element.tag.toString(16)}`);
  }
}

export function readTime(element: DerElement, where: string): Date {
  const text = Buffer.from(element.content).toString('latin1');
  const pattern = element.tag === tag.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
  const digits = element.tag === tag.utcTime || element.tag === tag.generalizedTime ? pattern.exec(text) : null;
  if (digits === null) throw malformed(where, 'a time that is neither UTCTime nor GeneralizedTime in whole seconds of UTC');
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = digits;
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19';
  const date = new Date(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // Date rolls 31 February over; a time that does not read back was never valid.
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) throw malformed(where, 'a time that does not exist');
  return date;
}
