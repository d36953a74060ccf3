import type { ArgumentSchema } from '../argument-schema.ts';

/** What is entered: as JSON, with '' and null for what is left empty. */
export type Entered = string | number | boolean | null | readonly Entered[] | { readonly [name: string]: Entered };

export type WrongKey = 'required' | 'pattern' | 'tooShort' | 'tooLong' | 'tooSmall' | 'tooLarge' | 'tooFew' | 'tooMany' | 'instant' | 'json';

/** @param path as a contract would name it, as in docs[0].digest; @param limit the one that is not kept to */
export interface WrongValue {
  path: string;
  key: WrongKey;
  limit?: number;
}

export const isGroup = (value: Entered | undefined): value is { readonly [name: string]: Entered } => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: Entered | undefined): value is readonly Entered[] => Array.isArray(value);

/** What is required comes first: a contract's author wrote it in this order, which the store of its metadata does not keep otherwise. */
export function fieldsOf({ properties = {}, required = [] }: ArgumentSchema): { name: string; schema: ArgumentSchema; required: boolean }[] {
  const names = [...new Set(required.filter((name) => Object.hasOwn(properties, name))), ...Object.keys(properties).filter((name) => !required.includes(name))];
  return names.map((name) => ({ name, schema: properties[name] ?? {}, required: required.includes(name) }));
}

export type Form = 'group' | 'list' | 'choice' | 'text' | 'integer' | 'boolean' | 'date' | 'instant' | 'member' | 'json';

/** With what a value is entered. */
export function formOf(schema: ArgumentSchema): Form {
  if (schema.enum) return 'choice';
  if (schema.type === 'object') return schema.properties ? 'group' : 'json';
  if (schema.type === 'array') return schema.items ? 'list' : 'json';
  if (schema.type === 'integer' || schema.type === 'number') return 'integer';
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type !== 'string') return 'json';
  return schema.format === 'date' ? 'date' : schema.format === 'date-time' ? 'instant' : schema.format === 'msp-id' ? 'member' : 'text';
}

/** More than that nobody fills in by hand, whatever a contract asks for at least. */
const mostBlanks = 20;

const hasParts = (schema: ArgumentSchema): boolean => ['group', 'list'].includes(formOf(schema));

/** What a form begins with. */
export function blankOf(schema: ArgumentSchema): Entered {
  switch (formOf(schema)) {
    case 'group':
      return Object.fromEntries(fieldsOf(schema).map((field) => [field.name, blankOf(field.schema)]));
    case 'list':
      return Array.from({ length: Math.min(schema.minItems ?? 0, mostBlanks) }, () => blankOf(schema.items ?? {}));
    case 'choice':
    case 'integer':
    case 'boolean':
      return null;
    default:
      return '';
  }
}

/** A value as it is entered: the other way round of `argumentsOf`. */
export function enteredOf(schema: ArgumentSchema, value: unknown): Entered {
  const parts = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  switch (formOf(schema)) {
    case 'group':
      return Object.fromEntries(fieldsOf(schema).map((field) => [field.name, field.name in parts ? enteredOf(field.schema, parts[field.name]) : blankOf(field.schema)]));
    case 'list':
      return (Array.isArray(value) ? value : []).map((item) => enteredOf(schema.items ?? {}, item));
    case 'json':
      return value === undefined ? '' : JSON.stringify(value);
    default:
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : blankOf(schema);
  }
}

/** Whether nothing was entered anywhere in it. */
export function isBlank(value: Entered | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (isList(value)) return value.every(isBlank);
  return isGroup(value) && Object.values(value).every(isBlank);
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** 2026-11-29T10:00 of the browser's field is taken as UTC, as contracts write time. */
export const instantOf = (text: string): string | undefined => {
  const at = new Date(/[Zz]|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

/** The JSON that is sent: without what was left empty and may be. */
export function argumentsOf(schema: ArgumentSchema, value: Entered | undefined): unknown {
  switch (formOf(schema)) {
    case 'group':
      return Object.fromEntries(
        fieldsOf(schema).flatMap((field) => {
          const part = isGroup(value) ? value[field.name] : undefined;
          return isBlank(part) && !(field.required && hasParts(field.schema)) ? [] : [[field.name, argumentsOf(field.schema, part)]];
        }),
      );
    case 'list':
      return (isList(value) ? value : []).map((item) => argumentsOf(schema.items ?? {}, item));
    case 'instant':
      return typeof value === 'string' ? (instantOf(value) ?? value) : value;
    case 'json':
      return typeof value === 'string' ? (parsed(value)?.value ?? value) : value;
    default:
      return value;
  }
}

function wrongText(schema: ArgumentSchema, text: string, path: string): WrongValue[] {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  if (format === 'date-time' && instantOf(text) === undefined) return [{ path, key: 'instant' }];
  if (text.length < minLength) return [{ path, key: 'tooShort', limit: minLength }];
  if (text.length > maxLength) return [{ path, key: 'tooLong', limit: maxLength }];
  return pattern && !pattern.test(text) ? [{ path, key: 'pattern' }] : [];
}

function wrongNumber({ minimum = -Infinity, maximum = Infinity }: ArgumentSchema, value: number, path: string): WrongValue[] {
  if (value < minimum) return [{ path, key: 'tooSmall', limit: minimum }];
  return value > maximum ? [{ path, key: 'tooLarge', limit: maximum }] : [];
}

function wrongList(schema: ArgumentSchema, items: readonly Entered[], path: string): WrongValue[] {
  const { minItems = 0, maxItems = Infinity } = schema;
  if (items.length < minItems) return [{ path, key: 'tooFew', limit: minItems }];
  if (items.length > maxItems) return [{ path, key: 'tooMany', limit: maxItems }];
  return items.flatMap((item, index) => {
    const place = `${path}[${index}]`;
    return isBlank(item) ? missing(schema.items ?? {}, item, place) : wrongValues(schema.items ?? {}, item, place);
  });
}

/** That something needed is not there, said where it is entered: a group or a list is no more than its parts, and may have none. */
const missing = (schema: ArgumentSchema, value: Entered | undefined, path: string): WrongValue[] => (hasParts(schema) ? wrongValues(schema, value, path) : [{ path, key: 'required' }]);

/** What can be said to be wrong before the contract is asked. The contract has the last word. */
export function wrongValues(schema: ArgumentSchema, value: Entered | undefined, path = ''): WrongValue[] {
  switch (formOf(schema)) {
    case 'group':
      return fieldsOf(schema).flatMap((field) => {
        const [part, place] = [isGroup(value) ? value[field.name] : undefined, path === '' ? field.name : `${path}.${field.name}`];
        if (!isBlank(part)) return wrongValues(field.schema, part, place);
        return field.required ? missing(field.schema, part, place) : [];
      });
    case 'list':
      return wrongList(schema, isList(value) ? value : [], path);
    case 'integer':
      return typeof value === 'number' ? wrongNumber(schema, value, path) : [];
    case 'json':
      return typeof value === 'string' && !parsed(value) ? [{ path, key: 'json' }] : [];
    default:
      return typeof value === 'string' ? wrongText(schema, value, path) : [];
  }
}
