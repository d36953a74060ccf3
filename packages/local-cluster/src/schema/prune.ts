import { isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import { createPassed } from './passed.ts';
import { fieldSchema, type Schema } from './schema.ts';

/** `value` without the fields that the schema does not know, whose paths go into `unknown`; `value` itself when it has none. */
export function prune(schema: Schema, value: Json, unknown: string[], path = ''): Json {
  if (passed.has(schema, value)) return value;
  const before = unknown.length;
  const pruned = pruneBelow(schema, value, unknown, path);
  if (unknown.length > before) return pruned;
  passed.add(schema, value);
  return value;
}

const passed = createPassed();

function pruneBelow(schema: Schema, value: Json, unknown: string[], path: string): Json {
  if (Array.isArray(value)) {
    const items = schema.items;
    return items ? value.map((item, index) => prune(items, item, unknown, `${path}[${index}]`)) : value;
  }
  if (!isObject(value) || (schema.type === undefined && !schema.properties)) return value;
  const out: JsonObject = {};
  for (const [field, child] of Object.entries(value)) {
    const childPath = path === '' ? field : `${path}.${field}`;
    const known = fieldSchema(schema, field);
    if (known) setOwn(out, field, prune(known, child, unknown, childPath));
    else unknown.push(childPath);
  }
  return out;
}
