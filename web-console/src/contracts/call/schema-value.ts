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

/** More parts than that nobody fills in by hand, whatever a contract asks for at least: lists within lists multiply. */
const mostParts = 300;

/** How many parts a form may still get, all of its lists together. */
interface Room {
  left: number;
}

const hasParts = (schema: ArgumentSchema): boolean => ['group', 'list'].includes(formOf(schema));

const emptyOf = (schema: ArgumentSchema): Entered => (['choice', 'integer', 'boolean'].includes(formOf(schema)) ? null : '');

function blankIn(room: Room, schema: ArgumentSchema): Entered {
  room.left -= 1;
  switch (formOf(schema)) {
    case 'group':
      return Object.fromEntries(fieldsOf(schema).map((field) => [field.name, blankIn(room, field.schema)]));
    case 'list': {
      const items: Entered[] = [];
      while (items.length < (schema.minItems ?? 0) && room.left > 0) items.push(blankIn(room, schema.items ?? {}));
      return items;
    }
    default:
      return emptyOf(schema);
  }
}

/** What a form begins with. */
export const blankOf = (schema: ArgumentSchema): Entered => blankIn({ left: mostParts }, schema);

function enteredIn(room: Room, schema: ArgumentSchema, value: unknown): Entered {
  room.left -= 1;
  const parts = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  switch (formOf(schema)) {
    case 'group':
      return Object.fromEntries(fieldsOf(schema).map((field) => [field.name, Object.hasOwn(parts, field.name) ? enteredIn(room, field.schema, parts[field.name]) : blankIn(room, field.schema)]));
    case 'list':
      return (Array.isArray(value) ? (value as readonly unknown[]) : []).flatMap((item) => (room.left > 0 ? [enteredIn(room, schema.items ?? {}, item)] : []));
    case 'json':
      return value === undefined ? '' : JSON.stringify(value);
    default:
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : emptyOf(schema);
  }
}

/**
 * A value as it is entered: the other way round of `argumentsOf`.
 * @returns undefined when it is more than a form may begin with: a part of it would be another value
 */
export function enteredOf(schema: ArgumentSchema, value: unknown): Entered | undefined {
  const room: Room = { left: mostParts };
  const entered = enteredIn(room, schema, value);
  return room.left < 1 ? undefined : entered;
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
