import { ContractError } from './errors.ts';
import type { JsonObject } from './canonical-json.ts';
import { maxMinor, type Money } from './money.ts';
import { isDate, normaliseInstant } from './time.ts';

/** One description of a value, from which come both its check (errors with paths) and its JSON Schema (forms, clients). */
export interface Schema<T> {
  readonly json: JsonObject;
  /** Returns the value in its one form, or throws INVALID_ARG with the path. */
  parse(value: unknown, path: string): T;
}

/** A field that may be left out; what later versions add to a record is optional, so that they read older ones. */
export interface OptionalSchema<T> extends Schema<T | undefined> {
  readonly optional: true;
}

export type Infer<S> = S extends Schema<infer T> ? T : never;
export type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends OptionalSchema<unknown> ? K : never }[keyof F];
export type ObjectOf<F> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Exclude<Infer<F[K]>, undefined>;
};

const invalid = (path: string, message: string): ContractError =>
  new ContractError('INVALID_ARG', `${path || 'the arguments'}: ${message}`, { path });

interface TextOptions {
  readonly title: string;
  readonly minLength?: number;
  readonly maxLength: number;
  readonly pattern?: string;
  readonly format?: string;
}

export function text(options: TextOptions): Schema<string> {
  const { minLength = 1, maxLength, pattern } = options;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return {
    json: { type: 'string', ...options, minLength },
    parse(value, path) {
      if (typeof value !== 'string') throw invalid(path, 'must be a text');
      if (!value.isWellFormed()) throw invalid(path, 'contains half a surrogate pair');
      if (value.length < minLength || value.length > maxLength) throw invalid(path, `must have ${minLength} to ${maxLength} characters`);
      if (expression && !expression.test(value)) throw invalid(path, `must match ${pattern}`);
      return value;
    },
  };
}

/** The key of a record, chosen by the caller. It has no '/', so that keys made of several parts stay unambiguous. */
export const id = (title: string): Schema<string> => text({ title, maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]*$', format: 'id' });

export const mspId = (title: string): Schema<string> =>
  text({ title, maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9.-]*$', format: 'msp-id' });

export function integer(options: { readonly title: string; readonly minimum: number; readonly maximum: number }): Schema<number> {
  const { minimum, maximum } = options;
  return {
    json: { type: 'integer', ...options },
    parse(value, path) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid(path, 'must be a whole number');
      if (value < minimum || value > maximum) throw invalid(path, `must be from ${minimum} to ${maximum}`);
      return value;
    },
  };
}

export function oneOf<const T extends string>(title: string, values: readonly T[]): Schema<T> {
  return {
    json: { type: 'string', title, enum: values },
    parse(value, path) {
      const found = values.find((candidate) => candidate === value);
      if (found === undefined) throw invalid(path, `must be one of ${values.join(', ')}`);
      return found;
    },
  };
}

/** A calendar date, `YYYY-MM-DD`, in UTC. */
export function date(title: string): Schema<string> {
  return {
    json: { type: 'string', title, format: 'date' },
    parse(value, path) {
      if (typeof value !== 'string' || !isDate(value)) throw invalid(path, 'must be a date such as 2030-06-30');
      return value;
    },
  };
}

/** An instant, RFC 3339 in UTC; kept with milliseconds. */
export function instant(title: string): Schema<string> {
  return {
    json: { type: 'string', title, format: 'date-time' },
    parse(value, path) {
      const normal = typeof value === 'string' ? normaliseInstant(value) : undefined;
      if (normal === undefined) throw invalid(path, 'must be an instant in UTC such as 2030-06-30T12:00:00Z');
      return normal;
    },
  };
}

const ccyText = text({ title: 'Currency (ISO 4217)', maxLength: 3, minLength: 3, pattern: '^[A-Z]{3}$' });

export function moneySchema(title: string): Schema<Money> {
  const minor: Schema<string> = {
    json: { type: 'string', title: 'Amount in the smallest unit', pattern: '^[1-9][0-9]{0,15}$' },
    parse(value, path) {
      if (typeof value !== 'string' || !/^[1-9][0-9]{0,15}$/.test(value) || BigInt(value) > maxMinor) {
        throw invalid(path, `must be a whole number from 1 to ${maxMinor}, as text`);
      }
      return value;
    },
  };
  return object({ minor, ccy: ccyText }, { title, format: 'money' });
}

/** A document as a reference to its content; the content stays off the ledger. */
export const documentDigest = (title: string): Schema<{ readonly alg: 'SHA-256' | 'SM3'; readonly digest: string }> =>
  object(
    {
      alg: oneOf('Algorithm', ['SHA-256', 'SM3']),
      digest: text({ title: 'Digest in hexadecimal', minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' }),
    },
    { title, format: 'document' },
  );

export function list<T>(
  item: Schema<T>,
  options: { readonly title: string; readonly minItems?: number; readonly maxItems: number },
): Schema<readonly T[]> {
  const { minItems = 0, maxItems } = options;
  return {
    get json() {
      return { type: 'array', ...options, minItems, items: item.json };
    },
    parse(value, path) {
      if (!Array.isArray(value)) throw invalid(path, 'must be a list');
      if (value.length < minItems || value.length > maxItems) throw invalid(path, `must have ${minItems} to ${maxItems} items`);
      return value.map((entry: unknown, index) => item.parse(entry, `${path}[${index}]`));
    },
  };
}

export function optional<T>(schema: Schema<T>): OptionalSchema<T> {
  return {
    optional: true,
    get json() {
      return schema.json;
    },
    parse: (value, path) => (value === undefined ? undefined : schema.parse(value, path)),
  };
}

const isOptional = (schema: Schema<unknown>): boolean => 'optional' in schema;

/** An object with exactly these fields; one that is not known is refused. */
export function object<F extends Fields>(fields: F, options: JsonObject = {}): Schema<ObjectOf<F>> & { readonly fields: F } {
  const names = Object.keys(fields);
  return {
    fields,
    // Made on demand: a realm runs one call, and few calls ask for metadata.
    get json() {
      const entries = Object.entries(fields);
      const properties = Object.fromEntries(entries.map(([name, schema]) => [name, schema.json]));
      const required = entries.filter(([, schema]) => !isOptional(schema)).map(([name]) => name);
      return { type: 'object', ...options, properties, required, additionalProperties: false };
    },
    parse(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'must be an object');
      const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
      const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
      if (unknown !== undefined) throw invalid(inside(unknown.slice(0, 64)), `is not known; the fields are ${names.join(', ')}`);
      const given = new Map<string, unknown>(Object.entries(value));
      const parsed: Record<string, unknown> = {};
      for (const [name, schema] of Object.entries(fields)) {
        if (!given.has(name) && !isOptional(schema)) throw invalid(inside(name), 'is missing');
        const field = schema.parse(given.get(name), inside(name));
        if (field !== undefined) parsed[name] = field;
      }
      // Field by field this is ObjectOf<F>; the compiler cannot follow the loop.
      return parsed as ObjectOf<F>;
    },
  };
}

/** The same object, found in one that has other fields too. */
export function lenient<T>(schema: Schema<T> & { readonly fields: Fields }): Schema<T> {
  return {
    get json() {
      return schema.json;
    },
    parse(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return schema.parse(value, path);
      return schema.parse(Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(schema.fields, name))), path);
    },
  };
}

export const boolean = (title: string): Schema<boolean> => ({
  json: { type: 'boolean', title },
  parse(value, path) {
    if (typeof value !== 'boolean') throw invalid(path, 'must be true or false');
    return value;
  },
});
