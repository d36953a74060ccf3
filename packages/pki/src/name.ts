import { childrenOf, malformed, readSequence } from './der-reader.ts';
import { readObjectIdentifier, readText } from './der-values.ts';
import { objectIdentifier, printableString, sequence, setOf, tag, utf8String } from './der-writer.ts';
import { PkiError } from './errors.ts';
import { oid } from './object-identifiers.ts';

/** A distinguished name, in the order of its encoding, each part as a name of one attribute. */
export type Name = readonly NamePart[];
export interface NamePart {
  readonly type: NameAttribute;
  readonly value: string;
}
export type NameAttribute = keyof typeof attributeOids;

const attributeOids = {
  C: oid.country,
  ST: oid.province,
  L: oid.locality,
  O: oid.organization,
  OU: oid.organizationalUnit,
  CN: oid.commonName,
} as const;

// RFC 5280, appendix A.1: ub-common-name and its siblings.
const maximumLength: Record<NameAttribute, number> = { C: 2, ST: 128, L: 128, O: 64, OU: 64, CN: 64 };

const attributeNames = new Map<string, NameAttribute>([
  [oid.country, 'C'],
  [oid.province, 'ST'],
  [oid.locality, 'L'],
  [oid.organization, 'O'],
  [oid.organizationalUnit, 'OU'],
  [oid.commonName, 'CN'],
]);

export function encodeName(name: Name): Uint8Array {
  return sequence(...name.map(encodePart));
}

export function parseName(der: Uint8Array, where: string): Name {
  return readSequence(der, where)
    .rest(tag.set)
    .map((set) => {
      const parts = childrenOf(set, tag.set, where);
      const part = childrenOf(parts.next(), tag.sequence, where);
      if (!parts.done) throw malformed(where, 'a name part of several values');
      const identifier = readObjectIdentifier(part.next(), where);
      const type = attributeNames.get(identifier);
      if (type === undefined)
        throw new PkiError('FIELD_NOT_SUPPORTED', `the ${where} has attribute ${identifier}; only C, ST, L, O, OU and CN are read`);
      const value = readText(part.next(), where);
      part.end();
      return { type, value };
    });
}

/** For people and logs: `CN=peer0, OU=peer`. Never compare names by it. */
export function formatName(name: Name): string {
  return name.map(({ type, value }) => `${type}=${value}`).join(', ');
}

export function valuesOf(name: Name, type: NameAttribute): string[] {
  return name.filter((part) => part.type === type).map((part) => part.value);
}

function encodePart({ type, value }: NamePart): Uint8Array {
  // Control characters in names have fooled parsers before (a NUL ends a string in C).
  if (value.length === 0 || value.length > maximumLength[type] || /[\p{Cc}]/u.test(value)) {
    throw new PkiError('TEMPLATE_INVALID', `the name part ${type} needs 1 to ${maximumLength[type]} characters without control characters`);
  }
  if (type === 'C' && !/^[A-Z]{2}$/.test(value)) throw new PkiError('TEMPLATE_INVALID', 'the name part C needs two capital letters');
  return setOf(sequence(objectIdentifier(attributeOids[type]), type === 'C' ? printableString(value) : utf8String(value)));
}
