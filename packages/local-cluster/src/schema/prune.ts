import { isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import { fieldSchema, type Schema } from './schema.ts';

/** `value` without the fields that the schema does not know, whose paths go into `unknown`. */
export function prune(schema: Schema, value: Json, unknown: string[], path = ''): Json {
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
