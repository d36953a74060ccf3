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

/** As apiextensions says it: null is told apart, text is shown. */
function typeError(schema: Schema, value: Json, path: string): FieldError {
  const shownValue = typeof value === 'string' ? value : typeOf(value);
  const text = `${path} in body must be of type ${schema.type ?? 'integer,string'}: ${JSON.stringify(shownValue)}`;
  return { type: 'FieldValueTypeInvalid', field: path, message: `Invalid value: ${JSON.stringify(shownValue)}: ${text}` };
}

const checkText: Check = (schema, value, path) => {
  if (typeof value !== 'string') return [];
  const errors: FieldError[] = [];
  const length = Array.from(value).length; // in characters, not in UTF-16 units
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined && length > maxLength) {
    errors.push({ type: 'FieldValueTooLong', field: path, message: `Too long: may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}` });
  }
  if (minLength !== undefined && length < minLength) errors.push(bad(path, value, `should be at least ${minLength} chars long`));
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) errors.push(bad(path, value, `should match '${pattern}'`));
  const format = formatError(schema.format, value);
  if (format) errors.push({ type: 'FieldValueInvalid', field: path, message: `Invalid value: ${shown(value)}: ${path} in body must be of type ${format}: ${shown(value)}` });
  return errors;
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
 * What is wrong with `value`. On update `old` is what was at the same place: what has not changed is not refused again
 * (ratcheting), and rules about transitions hold between the two.
 */
export function validate(schema: Schema, value: Json, old: Json | undefined, path = ''): FieldError[] {
  const unchanged = old !== undefined && equals(value, old);
  // Rules of transition look at unchanged values too, but such a rule of an unchanged value has nothing to refuse.
  if (unchanged) return [];
  if (!typeMatches(schema, value)) return [typeError(schema, value, path)];
  if (value === null) return [];
  const own = [checkText, checkNumber, checkEnum, checkItems, checkProperties].flatMap((check) => check(schema, value, path));
  const nested = Array.isArray(value) ? validateItems(schema, value, old, path) : isObject(value) ? validateFields(schema, value, old, path) : [];
  const errors = [...own, ...nested];
  // Rules may rely on the types that the schema promises.
  if (errors.some((error) => error.type === 'FieldValueTypeInvalid' || error.type === 'FieldValueRequired')) return errors;
  return [...errors, ...evaluateRules(schema, value, old, path)];
}

function validateFields(schema: Schema, value: { [key: string]: Json }, old: Json | undefined, path: string): FieldError[] {
  const before = isObject(old) ? old : {};
  return Object.entries(value).flatMap(([field, each]) => {
    const known = fieldSchema(schema, field);
    return known ? validate(known, each, Object.hasOwn(before, field) ? before[field] : undefined, child(path, field)) : [];
  });
}

/** Only items that are told apart by a key have an earlier self. */
function validateItems(schema: Schema, value: Json[], old: Json | undefined, path: string): FieldError[] {
  const { items } = schema;
  if (!items) return [];
  const before = new Map<string, Json>();
  if (Array.isArray(old) && Array.isArray(itemKeys(schema))) {
    for (const item of old) before.set(identityOf(schema, item) ?? '', item);
  }
  return value.flatMap((item, index) => validate(items, item, before.get(identityOf(schema, item) ?? ''), `${path}[${index}]`));
}
