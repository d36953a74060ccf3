import type { ContractMetadata, ContractOperation } from '../metadata.ts';
import { withoutRequestId } from './call-draft.ts';
import { blankOf, enteredOf, type Entered } from './schema-value.ts';

export interface Party {
  readonly mspId: string;
  readonly applicationRoles: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The author's example of a configuration, for the members that there are: each in the roles that it acts in and the contract knows. */
export function firstConfig({ exampleConfig, roles }: Pick<ContractMetadata, 'exampleConfig' | 'roles'>, members: readonly Party[]): Json | undefined {
  if (!isRecord(exampleConfig)) return undefined;
  const known = new Set(roles.map(({ name }) => name));
  const parties = members.map(({ mspId, applicationRoles }) => ({ mspId, roles: applicationRoles.filter((role) => known.has(role)) }));
  const clock = isRecord(exampleConfig['clock']) ? exampleConfig['clock'] : {};
  const keeping = parties.filter((party) => party.roles.some((role) => role === 'timekeeper' || role === 'admin')).map(({ mspId }) => mspId);
  const quorum = typeof clock['quorum'] === 'number' ? Math.max(1, Math.min(clock['quorum'], keeping.length)) : 1;
  return { ...exampleConfig, parties, clock: { ...clock, timekeepers: keeping, quorum } };
}

/** What the form of an operation begins with: a proposal of a configuration is long, and little of it is anything but usual. */
export function firstArguments(operation: ContractOperation, metadata: ContractMetadata, members: readonly Party[]): Entered {
  const args = withoutRequestId(operation.args);
  const config = operation.type === 'setup' && args.properties?.['config'] ? firstConfig(metadata, members) : undefined;
  return (config && enteredOf(args, { config })) ?? blankOf(args);
}
