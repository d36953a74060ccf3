import type { FieldError } from '../api/failure.ts';
import { equals, isObject, type Json } from '../json.ts';
import { evaluateRules } from './cel.ts';
import { formatError } from './formats.ts';
import { fieldSchema, identityOf, itemKeys, type Schema } from './schema.ts';

type Check = (schema: Schema, value: Json, path: string) => FieldError[];

const shown = (value: Json): string => (typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? JSON.stringify(value) : String(value));
const bad = (path: string, value: Json, why: string): FieldError => ({ type: 'FieldValueInvalid', field: path, message: `Invalid value: ${shown(value)}: ${path} in body ${why}` });
const child = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function typeMatches(schema: Schema, value: Json): boolean {
  if (value === null && schema.nullable) return true;
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value);
  if (schema.type === undefined) return true;
  const type = typeOf(value);
  return type === schema.type || (schema.type === 'number' && type === 'integer');
}

/** The value is named by its type (kube-openapi, validation/validate/type.go). */
function typeError(schema: Schema, value: Json, path: string): FieldError {
  const type = JSON.stringify(typeOf(value));
  return { type: 'FieldValueTypeInvalid', field: path, message: `Invalid value: ${type}: ${path} in body must be of type ${schema.type ?? 'integer,string'}: ${type}` };
}

/** Of several things wrong with a text only the first is said. */
const checkText: Check = (schema, value, path) => {
  if (typeof value !== 'string') return [];
  const length = Array.from(value).length; // in characters, not in UTF-16 units
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined && length > maxLength) {
    return [{ type: 'FieldValueTooLong', field: path, message: `Too long: may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}` }];
  }
  if (minLength !== undefined && length < minLength) return [bad(path, value, `should be at least ${minLength} chars long`)];
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return [bad(path, value, `should match '${pattern}'`)];
  const format = formatError(schema.format, value);
  return format ? [{ type: 'FieldValueTypeInvalid', field: path, message: `Invalid value: ${shown(value)}: ${path} in body must be of type ${format}: ${shown(value)}` }] : [];
};

const checkNumber: Check = (schema, value, path) => {
  if (typeof value !== 'number') return [];
  const errors: FieldError[] = [];
  const { maximum, minimum, exclusiveMaximum, exclusiveMinimum, multipleOf } = schema;
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    errors.push(bad(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`));
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    errors.push(bad(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) errors.push(bad(path, value, `should be a multiple of ${multipleOf}`));
  return errors;
};

const checkEnum: Check = (schema, value, path) => {
  if (!schema.enum || schema.enum.some((allowed) => equals(allowed, value))) return [];
  const allowed = schema.enum.map((each) => JSON.stringify(typeof each === 'string' ? each : JSON.stringify(each))).join(', ');
  return [{ type: 'FieldValueNotSupported', field: path, message: `Unsupported value: ${shown(value)}: supported values: ${allowed}` }];
};

const checkItems: Check = (schema, value, path) => {
  if (!Array.isArray(value)) return [];
  const errors: FieldError[] = [];
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    errors.push({ type: 'FieldValueTooMany', field: path, message: `Too many: ${value.length}: must have at most ${schema.maxItems} ${schema.maxItems === 1 ? 'item' : 'items'}` });
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) errors.push(bad(path, value.length, `should have at least ${schema.minItems} items`));
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    const key = identityOf(schema, item);
    if (key === undefined) continue;
    const duplicate = itemKeys(schema) === 'set' ? shown(item) : key.slice(2);
    if (seen.has(key)) errors.push({ type: 'FieldValueDuplicate', field: `${path}[${index}]`, message: `Duplicate value: ${duplicate}` });
    seen.add(key);
  }
  return errors;
};

const checkProperties: Check = (schema, value, path) => {
  if (!isObject(value)) return [];
  const size = Object.keys(value).length;
  const errors: FieldError[] = (schema.required ?? [])
    .filter((field) => !Object.hasOwn(value, field))
    .map((field) => ({ type: 'FieldValueRequired', field: child(path, field), message: 'Required value' }));
  if (schema.maxProperties !== undefined && size > schema.maxProperties) {
    errors.push({ type: 'FieldValueTooMany', field: path, message: `Too many: ${size}: must have at most ${schema.maxProperties} items` });
  }
  if (schema.minProperties !== undefined && size < schema.minProperties) errors.push(bad(path, size, `should have at least ${schema.minProperties} properties`));
  return errors;
};

/**
 * What is wrong with the structure of `value`. On update `old` is what was at the same place: what has not changed is not
 * refused again (ratcheting).
 */
export function validateStructure(schema: Schema, value: Json, old: Json | undefined, path = ''): FieldError[] {
  if (old !== undefined && equals(value, old)) return [];
  if (!typeMatches(schema, value)) return [typeError(schema, value, path)];
  if (value === null) return [];
  const own = [checkText, checkNumber, checkEnum, checkItems, checkProperties].flatMap((check) => check(schema, value, path));
  return [...own, ...children(schema, value, old, path).flatMap((each) => validateStructure(...each))];
}

const blocking: ReadonlySet<FieldError['type']> = new Set(['FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid']);

/** What is wrong with `value`: what was found `before`, its structure, then the rules, which may rely on all that. */
export function validate(schema: Schema, value: Json, old: Json | undefined, before: FieldError[]): FieldError[] {
  const errors = [...before, ...validateStructure(schema, value, old)];
  if (errors.some((error) => blocking.has(error.type))) {
    return [...errors, { type: 'FieldValueInvalid', field: '<nil>', message: 'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation' }];
  }
  return [...errors, ...validateRules(schema, value, old, '')];
}

/** Whether a schema has rules, at its place or below. */
const withRules = new WeakMap<Schema, boolean>();
function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const { properties = {}, additionalProperties, items } = schema;
  const below = [...Object.values(properties), ...(typeof additionalProperties === 'object' ? [additionalProperties] : []), ...(items ? [items] : [])];
  const found = schema['x-kubernetes-validations'] !== undefined || below.some(hasRules);
  withRules.set(schema, found);
  return found;
}

function validateRules(schema: Schema, value: Json, old: Json | undefined, path: string): FieldError[] {
  if (!hasRules(schema)) return [];
  const unchanged = old !== undefined && equals(value, old);
  const own = evaluateRules(schema, value, old, path, unchanged);
  return [...own, ...children(schema, value, old, path).flatMap((each) => validateRules(...each))];
}

type Place = [schema: Schema, value: Json, old: Json | undefined, path: string];

/** What is directly below a value, each with its earlier self. Of items, only those told apart by a key have one. */
function children(schema: Schema, value: Json, old: Json | undefined, path: string): Place[] {
  if (isObject(value)) {
    const before = isObject(old) ? old : {};
    return Object.keys(value).sort().flatMap((field) => {
      const known = fieldSchema(schema, field);
      return known ? [[known, value[field] ?? null, Object.hasOwn(before, field) ? before[field] : undefined, child(path, field)]] : [];
    });
  }
  const { items } = schema;
  if (!Array.isArray(value) || !items) return [];
  const keyed = Array.isArray(old) && Array.isArray(itemKeys(schema));
  const before = new Map(keyed ? old.map((item) => [identityOf(schema, item), item]) : []);
  return value.map((item, index) => [items, item, before.get(identityOf(schema, item)), `${path}[${index}]`]);
}
