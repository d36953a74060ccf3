import { canonicalJson } from './canonical-json.ts';
import { actsForMember, type Caller } from './caller.ts';
import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { integer, list, mspId, object, oneOf, text, type Infer, type Schema } from './schema.ts';
import { sha256Hex } from './sha256.ts';

export interface Config<Settings> {
  /** The members and the roles in which each may act. */
  readonly parties: readonly { readonly mspId: string; readonly roles: readonly string[] }[];
  /** Whose readings make the agreed clock, how many must have reached a time, and how far a transaction's time may be from it. */
  readonly clock: { readonly timekeepers: readonly string[]; readonly quorum: number; readonly skewSec: number };
  readonly settings: Settings;
}

const role = (roles: readonly string[]) => oneOf('Role', roles);

/** The schema of a template's whole configuration. */
export function configSchema<Settings>(roles: readonly string[], settings: Schema<Settings>) {
  return object({
    parties: list(object({ mspId: mspId('MSP id'), roles: list(role(roles), { title: 'Roles', maxItems: roles.length }) }), {
      title: 'Members',
      minItems: 1,
      maxItems: 200,
    }),
    clock: object({
      timekeepers: list(mspId('MSP id'), { title: 'Timekeepers', minItems: 1, maxItems: 200 }),
      quorum: integer({ title: 'How many timekeepers must have reached a time', minimum: 1, maximum: 200 }),
      skewSec: integer({ title: 'Seconds a transaction may be away from the clock', minimum: 1, maximum: 86_400 }),
    }),
    settings,
  });
}

const stored = object({
  version: integer({ title: 'Writes so far', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  state: oneOf('State', ['PROPOSED', 'ACTIVE']),
  hash: text({ title: 'SHA-256 of the canonical configuration', minLength: 64, maxLength: 64 }),
  config: { json: {}, parse: (value: unknown) => value },
  acceptedBy: list(mspId('MSP id'), { title: 'Accepted by', maxItems: 200 }),
});
export type StoredConfig = Infer<typeof stored>;

export const configKey = 'config';

export async function readConfig(ledger: Ledger): Promise<StoredConfig | undefined> {
  const text = await ledger.get(configKey);
  return text === undefined ? undefined : stored.parse(JSON.parse(text), 'config');
}

export function requireActive(config: StoredConfig | undefined): StoredConfig {
  if (!config)
    throw new ContractError('NOT_ACTIVE', 'the contract has no configuration yet', {
      nextAction: 'An administrator of a member calls Init with the configuration.',
    });
  if (config.state !== 'ACTIVE')
    throw new ContractError(
      'NOT_ACTIVE',
      `the configuration ${config.hash} is proposed and accepted by [${config.acceptedBy.join(', ')}] only`,
    );
  return config;
}

function distinct(values: readonly string[], path: string): void {
  if (new Set(values).size !== values.length) throw new ContractError('INVALID_ARG', `${path}: names a member twice`, { path });
}

function requireSound({ parties, clock }: Config<unknown>): void {
  const members = parties.map(({ mspId }) => mspId);
  distinct(members, 'config.parties');
  distinct(clock.timekeepers, 'config.clock.timekeepers');
  const stranger = clock.timekeepers.find((mspId) => !members.includes(mspId));
  if (stranger !== undefined)
    throw new ContractError('INVALID_ARG', `config.clock.timekeepers: ${stranger} is not among the parties`, {
      path: 'config.clock.timekeepers',
    });
  if (clock.quorum > clock.timekeepers.length)
    throw new ContractError('INVALID_ARG', `config.clock.quorum: there are only ${clock.timekeepers.length} timekeepers`, {
      path: 'config.clock.quorum',
    });
}

function requireAdministrator(operation: string, caller: Caller, config: Config<unknown>): void {
  const member = config.parties.some(({ mspId }) => mspId === caller.mspId);
  if (member && actsForMember(caller, 'admin')) return;
  throw new ContractError(
    'FORBIDDEN',
    `${operation} is for an administrator (OU admin or role admin) of a member named in the configuration; the caller is ${caller.mspId} with the roles [${caller.roles.join(', ')}]`,
  );
}

/** Until every member accepted, a proposal can be replaced by another, so that a wrong one does not block the contract for ever. */
export async function proposeConfig(ledger: Ledger, caller: Caller, config: Config<unknown>): Promise<StoredConfig> {
  requireAdministrator('Init', caller, config);
  requireSound(config);
  const existing = await readConfig(ledger);
  if (existing?.state === 'ACTIVE')
    throw new ContractError('ILLEGAL_TRANSITION', 'the contract is configured already', {
      nextAction: 'Config shows the configuration that the members accepted.',
    });
  return store(ledger, existing, { state: 'PROPOSED', hash: sha256Hex(canonicalJson(config)), config, acceptedBy: [] });
}

/** One member's acceptance of exactly this configuration; the last one makes it active. */
export async function acceptConfig(ledger: Ledger, caller: Caller, hash: string, schema: Schema<Config<unknown>>): Promise<StoredConfig> {
  const existing = await readConfig(ledger);
  if (!existing)
    throw new ContractError('NOT_ACTIVE', 'there is no configuration to accept', {
      nextAction: 'An administrator of a member calls Init first.',
    });
  const config = schema.parse(existing.config, 'config');
  requireAdministrator('AcceptConfig', caller, config);
  if (hash !== existing.hash)
    throw new ContractError('INVALID_ARG', `hash: the proposed configuration has the hash ${existing.hash}`, { path: 'hash' });
  if (existing.acceptedBy.includes(caller.mspId)) return existing;
  const acceptedBy = [...existing.acceptedBy, caller.mspId].sort();
  const complete = config.parties.every(({ mspId }) => acceptedBy.includes(mspId));
  return store(ledger, existing, { ...existing, acceptedBy, state: complete ? 'ACTIVE' : 'PROPOSED' });
}

function store(ledger: Ledger, former: StoredConfig | undefined, next: Omit<StoredConfig, 'version'>): StoredConfig {
  const config = { ...next, version: (former?.version ?? 0) + 1 };
  ledger.put(configKey, canonicalJson(config));
  return config;
}
