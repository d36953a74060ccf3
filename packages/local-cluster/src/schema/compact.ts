import { isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import { createPassed } from './passed.ts';
import { fieldSchema, type Schema } from './schema.ts';

/**
 * Built-in kinds pass through types of Go, which forget empty lists and maps, and zeros, false and empty text of fields
 * that are no pointers. Returns `value` itself when there is nothing to forget.
 */
export function compact(schema: Schema, value: Json): Json {
  if (passed.has(schema, value)) return value;
  const kept = compactBelow(schema, value);
  if (kept === value) passed.add(schema, value);
  return kept;
}

const passed = createPassed();

function compactBelow(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return value;
    const out = value.map((item) => compact(items, item));
    return out.some((item, index) => item !== value[index]) ? out : value;
  }
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  let changed = false;
  for (const [field, child] of Object.entries(value)) {
    const known = schema.properties?.[field];
    const kept = compact(known ?? fieldSchema(schema, field) ?? {}, child);
    const forgotten = known !== undefined && isForgotten(known, kept);
    changed ||= forgotten || kept !== child;
    if (!forgotten) setOwn(out, field, kept);
  }
  return changed ? out : value;
}

function isForgotten(schema: Schema, value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return schema.additionalProperties !== undefined && Object.keys(value).length === 0;
  return schema.forgetsZero === true && (value === 0 || value === false || value === '');
}
