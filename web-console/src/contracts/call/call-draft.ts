import type { ContractOperation } from '../metadata.ts';
import { argumentsOf, fieldsOf, type Entered } from './schema-value.ts';
import type { ArgumentSchema } from '../argument-schema.ts';

/** The id of a request is a field of its own, above those of the operation. */
export function withoutRequestId(schema: ArgumentSchema): ArgumentSchema {
  const { requestId: _, ...properties } = schema.properties ?? {};
  return { ...schema, type: 'object', properties, required: (schema.required ?? []).filter((name) => name !== 'requestId') };
}

/** Whether the contract itself takes a request id. */
export const takesRequestId = (operation: ContractOperation): boolean => fieldsOf(operation.args).some(({ name }) => name === 'requestId');

/** The one argument of an operation, as text. */
export function argumentText(operation: ContractOperation, entered: Entered, requestId: string): string {
  const args = argumentsOf(withoutRequestId(operation.args), entered) as Record<string, unknown>;
  return JSON.stringify(takesRequestId(operation) ? { requestId, ...args } : args);
}

/**
 * Whether an operation is for others than who acts in these roles. Reads are for anybody. Who may call is named by its relation and by the
 * role in which it acts: to a contract, an actor without roles is nobody.
 */
export const isForOthers = (operation: ContractOperation | undefined, roles: readonly string[]): boolean =>
  operation !== undefined && operation.by.length > 0 && roleFor(operation, roles) === undefined;

/** Of the roles in which an operation may be called, the first that the member acts in. */
export function roleFor(operation: ContractOperation | undefined, roles: readonly string[]): string | undefined {
  const wanted = operation?.by.flatMap((actor) => actor.roles) ?? [];
  return wanted.find((role) => roles.includes(role));
}
