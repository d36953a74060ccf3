import type { Json } from '../json.ts';
import type { Schema } from './schema.ts';

/* Short names for writing down the schemas of built-in kinds. */

export const text: Schema = { type: 'string' };
export const integer: Schema = { type: 'integer' };
export const flag: Schema = { type: 'boolean' };
export const dateTime: Schema = { type: 'string', format: 'date-time' };
export const microTime: Schema = { type: 'string', format: 'micro-time' };
/** Fields of Go types that are no pointers: zero is nothing. */
export const count: Schema = { type: 'integer', forgetsZero: true };
export const mark: Schema = { type: 'boolean', forgetsZero: true };
export const word: Schema = { type: 'string', forgetsZero: true };
export const intOrString: Schema = { 'x-kubernetes-int-or-string': true };
export const base64: Schema = { type: 'string', format: 'byte' };
/** Quantities are compared as text: what is applied must be written as Kubernetes would (`1Gi`, `500m`). */
export const quantity: Schema = { 'x-kubernetes-int-or-string': true };

export const struct = (properties: Record<string, Schema>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const setOf = (items: Schema): Schema => ({ type: 'array', items, 'x-kubernetes-list-type': 'set' });
export const keyed = (items: Schema, ...keys: string[]): Schema => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
});
export const atomic = (schema: Schema): Schema => ({ ...schema, 'x-kubernetes-map-type': 'atomic' });
export const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });
export const defaulting = (schema: Schema, value: Json): Schema => ({ ...schema, default: value });
export const atLeast = (schema: Schema, minimum: number): Schema => ({ ...schema, minimum });
