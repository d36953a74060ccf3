import type { Json } from '../json.ts';
import type { Schema } from './schema.ts';

/** What a walk along a schema has found nothing to do about. */
export interface Passed {
  has(schema: Schema, value: Json): boolean;
  add(schema: Schema, value: Json): void;
}

/**
 * Stored objects are frozen, and a write shares with the version before it all that it does not touch, mostly the whole spec: a walk need
 * not look at that again.
 */
export function createPassed(): Passed {
  const passed = new WeakMap<object, Schema>();
  return {
    has: (schema, value) => typeof value === 'object' && value !== null && passed.get(value) === schema,
    add(schema, value) {
      if (typeof value === 'object' && value !== null && Object.isFrozen(value)) passed.set(value, schema);
    },
  };
}
