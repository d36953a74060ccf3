import { specDigest } from '@guildhall/resources';

const known = new WeakMap<object, string>();

/** specDigest of an object that a cache holds: such objects never change, so each is digested once. */
export function digestOf(spec: object): string {
  const before = known.get(spec);
  if (before !== undefined) return before;
  const digest = specDigest(spec);
  known.set(spec, digest);
  return digest;
}
