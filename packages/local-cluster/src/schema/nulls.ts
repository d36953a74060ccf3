import { isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import { createPassed } from './passed.ts';
import { isDeclared, type Schema } from './schema.ts';

/** The schema of a field that the schema speaks of; not that of a field which it only leaves room for. */
const spokenOf = (schema: Schema, field: string): Schema | undefined =>
  isDeclared(schema, field) ? schema.properties?.[field] : typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;

/** Whether null says nothing at a field of this schema. */
export const isNothing = (schema: Schema | undefined, value: Json | undefined): boolean => value === null && schema !== undefined && !schema.nullable;

/**
 * `value` without the fields that are null where null is no value; those with a default are left to it. `value` itself when there are none.
 * Done to what a client sends, not to what an apply leaves behind (apiextensions-apiserver, schema/defaulting/prunenulls.go).
 */
export function withoutNulls(schema: Schema, value: Json): Json {
  if (passed.has(schema, value)) return value;
  const kept = keptBelow(schema, value);
  if (kept === value) passed.add(schema, value);
  return kept;
}

const passed = createPassed();

function keptBelow(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    const out = value.map((item) => withoutNulls(items, item));
    return out.some((item, index) => item !== value[index]) ? out : value;
  }
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  let changed = false;
  for (const [field, child] of Object.entries(value)) {
    const known = spokenOf(schema, field);
    if (isNothing(known, child) && known?.default === undefined) {
      changed = true;
      continue;
    }
    const kept = known ? withoutNulls(known, child) : child;
    changed ||= kept !== child;
    setOwn(out, field, kept);
  }
  return changed ? out : value;
}
