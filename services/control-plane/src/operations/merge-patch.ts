import { isDeepStrictEqual } from 'node:util';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON merge patch (RFC 7396) that makes the one of the other, and names nothing else: what it does not name stays whoever's it is. */
export function mergePatchOf(from: Fields, to: Fields): Record<string, unknown> {
  const changed = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((field) => !isDeepStrictEqual(from[field], to[field]));
  return Object.fromEntries(changed.map((field) => [field, patchOf(from[field], to[field])]));
}

const patchOf = (from: unknown, to: unknown): unknown => (to === undefined ? null : isFields(from) && isFields(to) ? mergePatchOf(from, to) : to);
