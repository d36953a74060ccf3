export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const listOr = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
export const textOr = (value: Json | undefined, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

export function equals(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => equals(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equals(a[key], b[key]));
}

export function clone<T extends Json>(value: T): T;
export function clone(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => clone(item));
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const key in value) setOwn(out, key, clone(value[key] ?? null));
  return out;
}

/** `__proto__` as a key of somebody's JSON must stay a key. */
export function setOwn(target: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export function freeze<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) freeze(child);
  return Object.freeze(value);
}

const recentTexts = new Map<object, string>();
const remembered = 256;

/** A stored object as text. A write is told to its writer, to each watch and to the database, all within moments. */
export function textOfStored(object: object): string {
  if (!Object.isFrozen(object)) return JSON.stringify(object);
  const known = recentTexts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  for (const [oldest] of recentTexts) {
    if (recentTexts.size < remembered) break;
    recentTexts.delete(oldest);
  }
  recentTexts.set(object, text);
  return text;
}

export function without(object: JsonObject, ...keys: string[]): JsonObject {
  const out: JsonObject = {};
  for (const key in object) if (!keys.includes(key)) setOwn(out, key, object[key] ?? null);
  return out;
}

/** RFC 7386, as `application/merge-patch+json` means it. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else setOwn(out, key, mergePatch(Object.hasOwn(out, key) ? out[key] : undefined, value));
  }
  return out;
}
