export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The value as JSON shows it: without what is undefined. */
export const toJson = (value: unknown): JsonValue => JSON.parse(canonicalJson(value)) as JsonValue;

/**
 * Canonical JSON (RFC 8785) of what contracts store: keys in order of UTF-16 code units, numbers whole and safe, no lone surrogates.
 * Fields that are undefined are left out.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`only whole numbers up to 2^53 can be stored, not ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new TypeError(`a ${typeof value} cannot be stored`);
}

function canonicalObject(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${canonicalString(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a text with half a surrogate pair cannot be stored');
  return JSON.stringify(text);
}
