import { linearPattern } from './linear-pattern.ts';

/** A JSON Schema, as far as contracts use it. */
export interface ArgumentSchema {
  type?: string;
  title?: string;
  description?: string;
  format?: string;
  enum?: readonly unknown[];
  /** Only one that can be checked here. */
  pattern?: RegExp;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  required?: readonly string[];
  properties?: Readonly<Record<string, ArgumentSchema>>;
  items?: ArgumentSchema;
}

/** No form is that deep; what lies deeper is entered as JSON. */
const deepest = 20;

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const readers = {
  text: (value: unknown) => (typeof value === 'string' ? value : undefined),
  number: (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  values: (value: unknown) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined),
  names: (value: unknown) => (Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined),
  pattern: (value: unknown) => (typeof value === 'string' ? linearPattern(value) : undefined),
} as const;

const keywords = {
  type: 'text', title: 'text', description: 'text', format: 'text', enum: 'values', pattern: 'pattern', required: 'names',
  minLength: 'number', maxLength: 'number', minimum: 'number', maximum: 'number', minItems: 'number', maxItems: 'number',
} as const satisfies Partial<Record<keyof ArgumentSchema, keyof typeof readers>>;

/** What a contract says of its arguments. Its author may have written anything: a keyword of another form says nothing. */
export function readSchema(value: unknown, depth = 0): ArgumentSchema {
  if (!isRecord(value) || depth > deepest) return {};
  const plain = Object.entries(keywords).flatMap(([name, kind]) => {
    const read = readers[kind](value[name]);
    return read === undefined ? [] : [[name, read] as const];
  });
  const { properties, items } = value;
  return {
    ...(Object.fromEntries(plain) as ArgumentSchema),
    ...(isRecord(properties) ? { properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, readSchema(schema, depth + 1)])) } : {}),
    ...(isRecord(items) ? { items: readSchema(items, depth + 1) } : {}),
  };
}
