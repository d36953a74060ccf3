import { readSchema, type ArgumentSchema } from './argument-schema.ts';

export interface Transition {
  /** Null: the record comes into being. */
  from: string | null;
  to: string;
}

export interface ContractActor {
  name: string;
  title: string;
  roles: readonly string[];
}

export interface ContractOperation {
  name: string;
  title: string;
  description: string;
  type: 'setup' | 'write' | 'read';
  args: ArgumentSchema;
  kind?: string;
  by: readonly ContractActor[];
  transitions: readonly Transition[];
  /** What it does to other records. */
  also: readonly { kind: string; transitions: readonly Transition[] }[];
}

export interface ContractKind {
  name: string;
  title: string;
  states: readonly { name: string; title: string; final: boolean }[];
}

export interface ContractMetadata {
  code: string;
  version: string;
  title: string;
  description: string;
  roles: readonly { name: string; title: string }[];
  kinds: readonly ContractKind[];
  operations: readonly ContractOperation[];
  errors: readonly { code: string; title: string; nextAction: string }[];
  exampleConfig: unknown;
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const records = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

const transitionsOf = (value: unknown): Transition[] =>
  records(value).flatMap(({ from, to }) => (typeof to === 'string' ? [{ from: typeof from === 'string' ? from : null, to }] : []));

function operationOf(value: Json): ContractOperation | undefined {
  const { name, type, args } = value;
  if (typeof name !== 'string' || (type !== 'setup' && type !== 'write' && type !== 'read')) return undefined;
  return {
    name,
    type,
    title: text(value['title']) || name,
    description: text(value['description']),
    args: readSchema(args),
    ...(typeof value['kind'] === 'string' ? { kind: value['kind'] } : {}),
    by: records(value['by']).map((actor) => ({ name: text(actor['name']), title: text(actor['title']), roles: texts(actor['roles']) })),
    transitions: transitionsOf(value['transitions']),
    also: records(value['also']).map((also) => ({ kind: text(also['kind']), transitions: transitionsOf(also['transitions']) })),
  };
}

const kindOf = (value: Json): ContractKind => ({
  name: text(value['name']),
  title: text(value['title']) || text(value['name']),
  states: records(value['states']).map((state) => ({ name: text(state['name']), title: text(state['title']), final: state['final'] === true })),
});

/** What a contract says about itself, as docs/contracts.md describes it; undefined when it is not of that form. */
export function readMetadata(value: unknown): ContractMetadata | undefined {
  if (!isRecord(value) || value['interface'] !== 1 || !Array.isArray(value['operations'])) return undefined;
  return {
    code: text(value['code']),
    version: text(value['version']),
    title: text(value['title']),
    description: text(value['description']),
    roles: records(value['roles']).map((role) => ({ name: text(role['name']), title: text(role['title']) })),
    kinds: records(value['kinds']).map(kindOf),
    operations: records(value['operations']).map(operationOf).filter((operation) => operation !== undefined),
    errors: records(value['errors']).map((error) => ({ code: text(error['code']), title: text(error['title']), nextAction: text(error['nextAction']) })),
    exampleConfig: isRecord(value['config']) ? value['config']['example'] : undefined,
  };
}
