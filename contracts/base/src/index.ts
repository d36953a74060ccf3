export { apportion, maxMinor, minorOf, money, sumMinor, type Money } from './money.ts';
export { addDays, dateOf, epochMs, normaliseInstant } from './time.ts';
export { canonicalJson, toJson, type JsonObject, type JsonValue } from './canonical-json.ts';
export { ContractError, errorCodes, type ErrorCode } from './errors.ts';
export {
  boolean,
  date,
  documentDigest,
  id,
  instant,
  integer,
  list,
  moneySchema,
  mspId,
  object,
  oneOf,
  optional,
  text,
  type Infer,
  type ObjectOf,
  type Schema,
} from './schema.ts';
export type { Actor, Caller } from './caller.ts';
export type { AssetRecord, Change, Kind } from './record.ts';
export type { Transaction } from './transaction.ts';
export type { Config } from './config.ts';
export { operationsFor } from './define.ts';
export type { Guard, Operation } from './operation.ts';
export { listBy, pageArgs } from './reads.ts';
export { getRecord } from './record.ts';
export type { Ask, Ledger } from './ledger.ts';
export { baseRoles, type CatalogueEntry, type Template } from './template.ts';
export { createContract, type Contract } from './contract.ts';
export { sha256Hex } from './sha256.ts';
