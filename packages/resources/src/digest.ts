import { createHash } from 'node:crypto';

/**
 * RFC 8785 for the values that a spec holds: objects, arrays, strings, booleans and integers within 2^53. Members without
 * a value do not count, so an absent field and an undefined one digest alike.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TypeError(`a spec holds whole numbers only, not ${value}`);
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return JSON.stringify(value);
  }
  throw new TypeError(`a spec cannot hold a ${typeof value}`);
}

/** What a consent pins: `sha256:` and the hexadecimal digest of the canonical form of a spec. */
export const specDigest = (spec: unknown): string =>
  `sha256:${createHash('sha256').update(canonicalJson(spec)).digest('hex')}`;
