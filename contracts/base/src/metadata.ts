import { toJson, type JsonObject, type JsonValue } from './canonical-json.ts';
import { errorCodes } from './errors.ts';
import type { Move, Operation, WriteOperation } from './operation.ts';
import type { Schema } from './schema.ts';
import { baseRoles, type Template } from './template.ts';

export const eventName = (code: string, operation: string): string => `${code}.${operation}.v1`;

const everyWrite = ['INVALID_ARG', 'FORBIDDEN', 'NOT_ACTIVE', 'IDEMPOTENCY_CONFLICT', 'CLOCK_SKEW'];

function errorsOf<Settings>({ moves, guards, also = [], raises = [] }: WriteOperation<Settings>): string[] {
  const all = [...moves, ...also.flatMap((side) => side.moves)];
  const creates = all.some(({ from }) => from.length === 0) ? ['DUPLICATE'] : [];
  const changes = all.some(({ from }) => from.length > 0) ? ['NOT_FOUND', 'ILLEGAL_TRANSITION', 'FROZEN'] : [];
  return [...new Set([...everyWrite, ...creates, ...changes, ...guards.map(({ code }) => code), ...raises])];
}

const transitionsOf = (moves: readonly Move[]): JsonValue[] =>
  moves.flatMap(({ from, to }) =>
    to.flatMap((target): JsonValue[] =>
      from.length === 0 ? [{ from: null, to: target }] : from.map((source) => ({ from: source, to: target })),
    ),
  );

function describeOperation<Settings>(code: string, name: string, operation: Operation<Settings>): JsonObject {
  const { title, description, type } = operation;
  const common = { name, title, description, type, args: operation.args.json };
  if (operation.type === 'read') return { ...common, errors: ['INVALID_ARG', 'NOT_FOUND'] };
  const by = operation.by.map(({ name, title, roles }) => ({ name, title, roles }));
  if (operation.type === 'setup') return { ...common, by, event: eventName(code, name), errors: operation.errors };
  return {
    ...common,
    by,
    kind: operation.kind,
    guards: operation.guards.map(({ code, rule }) => ({ code, rule })),
    transitions: transitionsOf(operation.moves),
    also: (operation.also ?? []).map(({ kind, moves }) => ({ kind: kind.name, transitions: transitionsOf(moves) })),
    event: eventName(code, name),
    errors: errorsOf(operation),
  };
}

/** Everything a client needs to know of a contract: forms, diagrams, roles, events, errors. */
export function describe<Settings>(
  template: Template<Settings>,
  operations: Readonly<Record<string, Operation<Settings>>>,
  config: Schema<unknown>,
): JsonObject {
  const { code, version, title, description } = template;
  const roles = { ...baseRoles, ...template.roles };
  return {
    interface: 1,
    code,
    version,
    title,
    description,
    roles: Object.entries(roles).map(([name, title]) => ({ name, title })),
    kinds: template.kinds.map(({ name, title, states, data }) => ({
      name,
      title,
      data: data.json,
      states: Object.entries(states).map(([state, { title, final = false }]) => ({ name: state, title, final })),
    })),
    operations: Object.entries(operations).map(([name, operation]) => describeOperation(code, name, operation)),
    errors: Object.entries(errorCodes).map(([error, { title, nextAction }]) => ({ code: error, title, nextAction })),
    config: { schema: config.json, example: toJson(template.exampleConfig) },
  };
}
