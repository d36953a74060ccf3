import { isObject, type Json } from '../json.ts';
import { fieldSchema, identityOf, itemKeys, type Schema } from '../schema/schema.ts';
import { printPath } from './field-set.ts';

/**
 * Why `value` cannot be applied: fields that are not declared, values of another shape, list items with the same key
 * (structured-merge-diff, typed/validate.go). Paths are printed as conflicts print them.
 */
export function applyErrors(schema: Schema, value: Json, path: readonly string[] = []): string[] {
  const at = (why: string): string[] => [`${printPath(path)}: ${why}`];
  if (value === null) return [];
  if (isObject(value)) {
    if (schema.type !== undefined && schema.type !== 'object') return at(`expected ${shape(schema)}, got ${shown(value)}`);
    return Object.entries(value).flatMap(([field, child]) => {
      const childPath = [...path, `f:${field}`];
      const known = fieldSchema(schema, field) ?? (schema.properties || schema.additionalProperties ? undefined : {});
      return known ? applyErrors(known, child, childPath) : [`${printPath(childPath)}: field not declared in schema`];
    });
  }
  if (Array.isArray(value)) return schema.type !== undefined && schema.type !== 'array' ? at(`expected ${shape(schema)}, got ${shown(value)}`) : itemErrors(schema, value, path);
  const expected = schema['x-kubernetes-int-or-string'] ? undefined : schema.type;
  if (expected === undefined || expected === typeof value || (typeof value === 'number' && (expected === 'integer' || expected === 'number'))) return [];
  return at(`expected ${shape(schema)}, got ${shown(value)}`);
}

function itemErrors(schema: Schema, list: Json[], path: readonly string[]): string[] {
  const keys = itemKeys(schema);
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const key = identityOf(schema, item);
    if (key === undefined) return applyErrors(schema.items ?? {}, item, [...path, `i:${index}`]);
    if (keys !== 'set' && !isObject(item)) return [`${printPath(path)}: element ${index}: associative list with keys may not have non-map elements`];
    if (key === 'k:{}') return [`${printPath(path)}: element ${index}: associative list with keys has an element that omits all key fields`];
    const duplicate = seen.has(key) ? [`${printPath(path)}: duplicate entries for key ${printPath([key])}`] : [];
    seen.add(key);
    return [...duplicate, ...applyErrors(schema.items ?? {}, item, [...path, key])];
  });
}

const shapes: Record<string, string> = { array: 'list', object: 'map', integer: 'numeric (int or float)', number: 'numeric (int or float)' };
const shape = ({ type }: Schema): string => (type === undefined ? 'anything' : (shapes[type] ?? type));
const shown = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : `&{${value}}`);
