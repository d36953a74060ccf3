import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The API server does not keep what is empty. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) ? value.length === 0 : isFields(value) && Object.values(value).every(isEmpty));

/** Nor, of optional fields, what an absent one means anyway. */
const isZero = (value: unknown): boolean => value === false || value === 0 || value === '';

/** Lists of which others may own items: it is enough that ours are there. */
const sharedLists = new Set(['finalizers', 'ownerReferences']);

/** Whether everything desired is in what there is; defaults and other owners' fields may be there besides. */
export function contains(current: unknown, desired: unknown, field = ''): boolean {
  if (current === undefined || current === null) return isEmpty(desired) || isZero(desired);
  if (Array.isArray(desired)) {
    if (!Array.isArray(current)) return false;
    if (sharedLists.has(field)) return desired.every((item) => current.some((other) => contains(other, item)));
    return current.length === desired.length && desired.every((item, index) => contains(current[index], item));
  }
  if (isFields(desired)) {
    return isFields(current) && Object.entries(desired).every(([key, value]) => value === undefined || contains(current[key], value, key));
  }
  return current === desired;
}

/** JSON with sorted keys: one text for one meaning. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    isFields(child) ? Object.fromEntries(Object.entries(child).sort(([one], [other]) => (one < other ? -1 : 1))) : child,
  );
}

/** 16 hex digits of SHA-256. */
export const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);

/** Equal as JSON: what is undefined is not there. */
export const sameJson = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one ?? null)), JSON.parse(JSON.stringify(other ?? null)));
