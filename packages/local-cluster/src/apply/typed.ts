import { equals, isObject, type Json, type JsonObject } from '../json.ts';
import { anything, fieldSchema, identityOf, isDeclared, itemKeys, type Schema } from '../schema/schema.ts';
import { below, createBuilder, type FieldSet, type FieldSetBuilder, type PathElement } from './field-set.ts';

/*
 * Objects seen through their schema as server-side apply sees them (structured-merge-diff, typed/): objects are merged by
 * field, lists by key where the schema gives one, everything else is one value. What the schema leaves open is told by
 * the value: objects by field, lists as one value.
 */

export const isKeyedList = (schema: Schema, value: Json | undefined): value is Json[] => Array.isArray(value) && itemKeys(schema) !== undefined;
export const isMergedObject = (schema: Schema, value: Json | undefined): value is JsonObject =>
  isObject(value) && schema['x-kubernetes-map-type'] !== 'atomic';
export const childSchema = (schema: Schema, field: string): Schema => fieldSchema(schema, field) ?? anything;
export const itemSchema = (schema: Schema): Schema => schema.items ?? anything;

const isContainer = (schema: Schema, value: Json | undefined): boolean => isMergedObject(schema, value) || isKeyedList(schema, value);
const isBlank = (value: Json | undefined): boolean => value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** The items of a keyed list by their path element; of items with the same key the first. */
export function itemsByKey(schema: Schema, list: Json[]): Map<PathElement, Json> {
  const out = new Map<PathElement, Json>();
  for (const item of list) {
    const key = identityOf(schema, item);
    if (key !== undefined && !out.has(key)) out.set(key, item);
  }
  return out;
}

/** The fields that somebody who applies `value` owns. */
export function fieldSetOf(schema: Schema, value: Json): FieldSet {
  const builder = createBuilder();
  collect(schema, value, [], builder);
  return builder.build();
}

function collect(schema: Schema, value: Json, path: PathElement[], into: FieldSetBuilder): void {
  if (isMergedObject(schema, value)) {
    for (const [field, child] of Object.entries(value)) {
      const childPath = [...path, `f:${field}`];
      collect(childSchema(schema, field), child, childPath, into);
      if (child === null || (isObject(child) && Object.keys(child).length === 0) || !isDeclared(schema, field)) into.insert(childPath);
    }
  } else if (isKeyedList(schema, value)) {
    for (const [key, item] of itemsByKey(schema, value)) {
      const childPath = [...path, key];
      collect(itemSchema(schema), item, childPath, into);
      into.insert(childPath);
    }
  } else if (value !== null || schema.type !== 'object') {
    into.insert(path);
  }
}

export interface Comparison {
  added: FieldSet;
  removed: FieldSet;
  modified: FieldSet;
}

/** What must happen to `from` to become `to`. */
export function compare(schema: Schema, from: Json, to: Json): Comparison {
  const added = createBuilder();
  const removed = createBuilder();
  const modified = createBuilder();

  function walk(schema: Schema, a: Json | undefined, b: Json | undefined, path: PathElement[]): void {
    if (a === b) return;
    const container = isContainer(schema, a) || isContainer(schema, b);
    const leaf = !container || (isBlank(a) && isBlank(b));
    if (!leaf) descend(schema, a, b, path);
    if (a === undefined) added.insert(path);
    else if (b === undefined) removed.insert(path);
    else if (leaf && !equals(a, b)) modified.insert(path);
  }

  function descend(schema: Schema, a: Json | undefined, b: Json | undefined, path: PathElement[]): void {
    if (isMergedObject(schema, a) || isMergedObject(schema, b)) {
      const left = isObject(a) ? a : {};
      const right = isObject(b) ? b : {};
      for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
        walk(childSchema(schema, field), own(left, field), own(right, field), [...path, `f:${field}`]);
      }
      return;
    }
    const left = itemsByKey(schema, Array.isArray(a) ? a : []);
    const right = itemsByKey(schema, Array.isArray(b) ? b : []);
    for (const key of new Set([...left.keys(), ...right.keys()])) walk(itemSchema(schema), left.get(key), right.get(key), [...path, key]);
  }

  walk(schema, from, to, []);
  return { added: added.build(), removed: removed.build(), modified: modified.build() };
}

const own = (object: JsonObject, field: string): Json | undefined => (Object.hasOwn(object, field) ? object[field] : undefined);

/** `value` without the fields in `set`. A container that something was to be removed from and that is empty becomes null. */
export function remove(schema: Schema, value: Json, set: FieldSet): Json {
  if (isMergedObject(schema, value)) {
    const out: JsonObject = {};
    for (const [field, child] of Object.entries(value)) {
      const element = `f:${field}`;
      if (!set.members.has(element)) out[field] = set.children.has(element) ? remove(childSchema(schema, field), child, below(set, element)) : child;
    }
    return Object.keys(out).length > 0 ? out : null;
  }
  if (isKeyedList(schema, value)) {
    const out = value.flatMap((item) => {
      const element = identityOf(schema, item) ?? '';
      if (set.members.has(element)) return [];
      return [set.children.has(element) ? remove(itemSchema(schema), item, below(set, element)) : item];
    });
    return out.length > 0 ? out : null;
  }
  return value;
}
