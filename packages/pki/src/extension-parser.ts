import { childrenOf, malformed, readElement, readSequence, type DerElement } from './der-reader.ts';
import { readBoolean, readNamedBits, readObjectIdentifier, readSmallInteger } from './der-values.ts';
import { tag } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { keyUsages, type AlternativeName, type BasicConstraints, type KeyUsage } from './extensions.ts';
import { oid } from './object-identifiers.ts';

export interface ParsedExtensions {
  readonly keyUsage?: readonly KeyUsage[];
  /** Object identifiers; `serverAuth` and `clientAuth` by name. */
  readonly extendedKeyUsage?: readonly string[];
  readonly basicConstraints?: BasicConstraints;
  /** DNS names and IP addresses; other forms are left out. */
  readonly subjectAlternativeNames: readonly AlternativeName[];
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  readonly fabricAttributes?: Readonly<Record<string, string>>;
  /** Object identifiers of critical extensions that this parser does not understand: such a certificate must not be trusted. */
  readonly unknownCritical: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Reader = (value: Uint8Array, into: Mutable<ParsedExtensions>) => void;

const readers = new Map<string, Reader>([
  [
    oid.keyUsage,
    (value, into) => {
      into.keyUsage = readNamedBits(readElement(value, 'key usage'), 'key usage').flatMap((bit) => keyUsages[bit] ?? []);
    },
  ],
  [
    oid.extendedKeyUsage,
    (value, into) => {
      into.extendedKeyUsage = readSequence(value, 'extended key usage')
        .rest()
        .map((element) => usageName(readObjectIdentifier(element, 'extended key usage')));
    },
  ],
  [
    oid.basicConstraints,
    (value, into) => {
      into.basicConstraints = readBasicConstraints(value);
    },
  ],
  [
    oid.subjectAlternativeName,
    (value, into) => {
      into.subjectAlternativeNames = readAlternativeNames(value);
    },
  ],
  [
    oid.subjectKeyIdentifier,
    (value, into) => {
      into.subjectKeyId = readKeyIdentifier(readElement(value, 'subject key identifier'), tag.octetString, 'subject key identifier');
    },
  ],
  [
    oid.authorityKeyIdentifier,
    (value, into) => {
      const id = readSequence(value, 'authority key identifier').optional(0x80);
      if (id !== undefined) into.authorityKeyId = readKeyIdentifier(id, 0x80, 'authority key identifier');
    },
  ],
  [
    oid.fabricAttributes,
    (value, into) => {
      into.fabricAttributes = readFabricAttributes(value);
    },
  ],
]);

/** Parses `Extensions ::= SEQUENCE OF Extension`; an extension that appears twice is refused (RFC 5280, 4.2). */
export function parseExtensions(der: Uint8Array, where: string): ParsedExtensions {
  const parsed: Mutable<ParsedExtensions> = { subjectAlternativeNames: [], unknownCritical: [] };
  const unknownCritical: string[] = [];
  const seen = new Set<string>();
  for (const element of readSequence(der, where).rest(tag.sequence)) {
    const fields = childrenOf(element, tag.sequence, where);
    const identifier = readObjectIdentifier(fields.next(), where);
    const criticalField = fields.optional(tag.boolean);
    const critical = criticalField !== undefined && readBoolean(criticalField, where);
    if (criticalField !== undefined && !critical) throw malformed(where, 'a default value that is written out');
    const value = fields.next(tag.octetString).content;
    fields.end();
    if (seen.has(identifier)) throw new PkiError('DUPLICATE_EXTENSION', `the ${where} have ${identifier} twice`);
    seen.add(identifier);
    const read = readers.get(identifier);
    if (read !== undefined) read(value, parsed);
    else if (critical) unknownCritical.push(identifier);
  }
  parsed.unknownCritical = unknownCritical;
  return parsed;
}

function usageName(identifier: string): string {
  if (identifier === oid.serverAuth) return 'serverAuth';
  return identifier === oid.clientAuth ? 'clientAuth' : identifier;
}

function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const where = 'basic constraints';
  const fields = readSequence(value, where);
  const caField = fields.optional(tag.boolean);
  const ca = caField !== undefined && readBoolean(caField, where);
  if (caField !== undefined && !ca) throw malformed(where, 'a default value that is written out');
  const pathField = fields.optional(tag.integer);
  fields.end();
  if (pathField === undefined) return { ca };
  if (!ca) throw malformed(where, 'a path length without CA');
  return { ca, pathLength: readSmallInteger(pathField, where) };
}

function readAlternativeNames(value: Uint8Array): AlternativeName[] {
  return readSequence(value, 'alternative names')
    .rest()
    .flatMap((element): AlternativeName[] => {
      if (element.tag === 0x82) return [{ type: 'dns', value: Buffer.from(element.content).toString('latin1') }];
      if (element.tag === 0x87) return [{ type: 'ip', value: formatIpAddress(element.content) }];
      return [];
    });
}

function formatIpAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) throw malformed('alternative names', `an IP address of ${bytes.length} bytes`);
  const groups = Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function readKeyIdentifier(element: DerElement, expectedTag: number, where: string): Uint8Array {
  if (element.tag !== expectedTag || element.content.length === 0) throw malformed(where, 'no key identifier');
  return element.content;
}

function readFabricAttributes(value: Uint8Array): Record<string, string> {
  const attributes = fieldOf(parseJson(value), 'attrs');
  if (typeof attributes !== 'object' || attributes === null) throw malformed('Fabric attributes', 'no object "attrs"');
  return Object.fromEntries(
    Object.entries(attributes).map(([name, text]) => {
      if (typeof text !== 'string') throw malformed('Fabric attributes', `${JSON.stringify(name)} is not a text`);
      return [name, text];
    }),
  );
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString('utf8'));
  } catch (error) {
    throw Object.assign(malformed('Fabric attributes', 'not JSON'), { cause: error });
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
