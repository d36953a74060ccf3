import { isIP } from 'node:net';
import {
  boolean,
  explicitTag,
  implicitPrimitive,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
  unsignedInteger,
} from './der-writer.ts';
import { PkiError } from './errors.ts';
import { oid } from './object-identifiers.ts';

// In the order of their bits, RFC 5280, 4.2.1.3.
export const keyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'certificateSign',
  'crlSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

export type ExtendedKeyUsage = 'serverAuth' | 'clientAuth';

export interface AlternativeName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

export interface BasicConstraints {
  readonly ca: boolean;
  /** How many CA certificates may stand between this one and a leaf. */
  readonly pathLength?: number;
}

export interface Extensions {
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage?: readonly ExtendedKeyUsage[];
  readonly basicConstraints: BasicConstraints;
  readonly subjectAlternativeNames?: readonly AlternativeName[];
  /** Becomes `{"attrs":{...}}` in the extension that Fabric's client identity library reads. */
  readonly fabricAttributes?: Readonly<Record<string, string>>;
}

export function encodeExtensions(extensions: Extensions, subjectKeyId: Uint8Array, authorityKeyId: Uint8Array): Uint8Array {
  const encoded = [
    extension(oid.keyUsage, true, namedBits(extensions.keyUsage.map((usage) => keyUsages.indexOf(usage)))),
    extension(oid.basicConstraints, true, encodeBasicConstraints(extensions.basicConstraints)),
    extension(oid.subjectKeyIdentifier, false, octetString(subjectKeyId)),
    extension(oid.authorityKeyIdentifier, false, sequence(implicitPrimitive(0, authorityKeyId))),
  ];
  const { extendedKeyUsage = [], subjectAlternativeNames = [], fabricAttributes } = extensions;
  if (extendedKeyUsage.length > 0)
    encoded.push(extension(oid.extendedKeyUsage, false, sequence(...extendedKeyUsage.map((usage) => objectIdentifier(oid[usage])))));
  if (subjectAlternativeNames.length > 0) encoded.push(encodeAlternativeNamesExtension(subjectAlternativeNames));
  if (fabricAttributes !== undefined)
    encoded.push(extension(oid.fabricAttributes, false, Buffer.from(JSON.stringify({ attrs: fabricAttributes }), 'utf8')));
  return explicitTag(3, sequence(...encoded));
}

export function encodeAlternativeNamesExtension(names: readonly AlternativeName[]): Uint8Array {
  return extension(oid.subjectAlternativeName, false, sequence(...names.map(encodeAlternativeName)));
}

function extension(identifier: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

function encodeBasicConstraints({ ca, pathLength }: BasicConstraints): Uint8Array {
  if (!ca) return sequence();
  return sequence(boolean(true), ...(pathLength === undefined ? [] : [unsignedInteger(Uint8Array.of(pathLength))]));
}

function encodeAlternativeName({ type, value }: AlternativeName): Uint8Array {
  if (type === 'ip') return implicitPrimitive(7, ipAddressBytes(value));
  // RFC 1123 names in lower case; no wildcard: Guildhall knows every name it dials.
  const isName = value.length <= 253 && /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/.test(value);
  if (!isName || isIP(value) !== 0) throw new PkiError('TEMPLATE_INVALID', `${JSON.stringify(value)} is not a DNS name in lower case`);
  return implicitPrimitive(2, Buffer.from(value, 'latin1'));
}

function ipAddressBytes(value: string): Uint8Array {
  switch (isIP(value)) {
    case 4:
      return Uint8Array.from(value.split('.').map(Number));
    case 6: {
      const groups = canonicalIpv6(value).split('::');
      const [head = [], tail = []] = groups.map((half) => half.split(':').filter((group) => group !== ''));
      const zeros: string[] = Array.from({ length: 8 - head.length - tail.length }, () => '0');
      return Uint8Array.from(
        [...head, ...zeros, ...tail].map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]),
      );
    }
    default:
      throw new PkiError('TEMPLATE_INVALID', `${JSON.stringify(value)} is not an IP address`);
  }
}

/** The WHATWG URL parser writes every form of an IPv6 address as hexadecimal groups. */
function canonicalIpv6(value: string): string {
  if (value.includes('%')) throw new PkiError('TEMPLATE_INVALID', 'an IP address in a certificate has no zone');
  return new URL(`http://[${value}]`).hostname.slice(1, -1);
}
