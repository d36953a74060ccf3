import { clone, isObject, setOwn, type Json, type JsonObject } from '../json.ts';
import { isNothing } from './nulls.ts';
import { createPassed } from './passed.ts';
import { isDeclared, type Schema } from './schema.ts';

/**
 * A copy of `value` with the schema's defaults where it says nothing; null says nothing where it is no value, and stays where
 * there is no default. Returns `value` itself when there is nothing to add.
 */
export function withDefaults(schema: Schema, value: Json): Json {
  if (passed.has(schema, value)) return value;
  const filled = filledBelow(schema, value);
  if (filled === value) passed.add(schema, value);
  return filled;
}

const passed = createPassed();

function filledBelow(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) return schema.items ? mapList(schema.items, value) : value;
  if (!isObject(value)) return value;
  const added = { ...filledProperties(schema, value), ...filledOthers(schema, value) };
  return Object.keys(added).length === 0 ? value : { ...value, ...added };
}

function filledProperties(schema: Schema, value: JsonObject): JsonObject {
  const added: JsonObject = {};
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const present = Object.hasOwn(value, field) ? value[field] : undefined;
    if (isMissing(child, present)) setOwn(added, field, withDefaults(child, clone(child.default)));
    else if (present !== undefined) {
      const filled = withDefaults(child, present);
      if (filled !== present) setOwn(added, field, filled);
    }
  }
  return added;
}

function filledOthers(schema: Schema, value: JsonObject): JsonObject {
  const added: JsonObject = {};
  if (typeof schema.additionalProperties !== 'object') return added;
  for (const [field, present] of Object.entries(value)) {
    const filled = isDeclared(schema, field) ? present : withDefaults(schema.additionalProperties, present);
    if (filled !== present) setOwn(added, field, filled);
  }
  return added;
}

const isMissing = (child: Schema, present: Json | undefined): child is Schema & { default: Json } =>
  child.default !== undefined && (present === undefined || isNothing(child, present));

function mapList(items: Schema, list: Json[]): Json[] {
  const out = list.map((item) => withDefaults(items, item));
  return out.some((item, index) => item !== list[index]) ? out : list;
}
