import { clone, isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import type { Schema } from './schema.ts';

/** A copy of `value` with the schema's defaults where it says nothing. Returns `value` itself when there is nothing to add. */
export function withDefaults(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) return schema.items ? mapList(schema.items, value) : value;
  if (!isObject(value)) return value;
  let out: JsonObject = value;
  const set = (field: string, child: Json): void => {
    if (out === value) out = { ...value };
    setOwn(out, field, child);
  };
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const present = Object.hasOwn(value, field) ? value[field] : undefined;
    if (child.default !== undefined && (present === undefined || (present === null && !child.nullable))) {
      set(field, withDefaults(child, clone(child.default)));
    } else if (present !== undefined) {
      const filled = withDefaults(child, present);
      if (filled !== present) set(field, filled);
    }
  }
  if (typeof schema.additionalProperties === 'object') {
    for (const [field, present] of Object.entries(value)) {
      if (schema.properties && Object.hasOwn(schema.properties, field)) continue;
      const filled = withDefaults(schema.additionalProperties, present);
      if (filled !== present) set(field, filled);
    }
  }
  return out;
}

function mapList(items: Schema, list: Json[]): Json[] {
  const out = list.map((item) => withDefaults(items, item));
  return out.some((item, index) => item !== list[index]) ? out : list;
}
