import type { Json, JsonObject } from '../json.ts';

export interface ValidationRule {
  rule: string;
  message?: string;
}

/** A structural schema: OpenAPI v3 as a CustomResourceDefinition may carry it; built-in kinds are described alike. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  nullable?: boolean;
  default?: Json;
  enum?: Json[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  /** Built-in kinds only: zero, false and empty text are the same as nothing. */
  forgetsZero?: boolean;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: 'atomic' | 'granular';
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-validations'?: ValidationRule[];
}

/** Anything: what a field holds whose schema says nothing. */
export const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The schema of a field of an object; undefined when no such field is declared. */
export function fieldSchema(schema: Schema, field: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, field)) return schema.properties[field];
  if (typeof schema.additionalProperties === 'object') return schema.additionalProperties;
  if (schema.additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']) return anything;
  return undefined;
}

export const isDeclared = (schema: Schema, field: string): boolean => schema.properties !== undefined && Object.hasOwn(schema.properties, field);

/** How the items of a list are told apart; undefined: they are not, the list is one value. */
export function itemKeys(schema: Schema): readonly string[] | 'set' | undefined {
  if (schema['x-kubernetes-list-type'] === 'set') return 'set';
  if (schema['x-kubernetes-list-type'] === 'map') return schema['x-kubernetes-list-map-keys'] ?? [];
  return undefined;
}

/** The key of an item of a list-map; keys that it leaves out take their defaults. */
function keyOfItem(schema: Schema, keys: readonly string[], item: JsonObject): JsonObject {
  const key: JsonObject = {};
  for (const name of keys.toSorted()) {
    const value = item[name] ?? schema.items?.properties?.[name]?.default;
    if (value !== undefined) key[name] = value;
  }
  return key;
}

/** Names an item among its siblings; undefined when the list does not tell items apart. */
export function identityOf(schema: Schema, item: Json): string | undefined {
  const keys = itemKeys(schema);
  if (keys === undefined) return undefined;
  if (keys === 'set' || typeof item !== 'object' || item === null || Array.isArray(item)) return `v:${JSON.stringify(item)}`;
  return `k:${JSON.stringify(keyOfItem(schema, keys, item))}`;
}
