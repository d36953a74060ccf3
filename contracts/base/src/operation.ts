import type { JsonValue } from './canonical-json.ts';
import type { Caller } from './caller.ts';
import type { Config } from './config.ts';
import type { ErrorCode } from './errors.ts';
import type { Ledger } from './ledger.ts';
import type { AssetRecord, Change, Kind } from './record.ts';
import { id, type Schema } from './schema.ts';
import type { OpenTransaction, Transaction } from './transaction.ts';

/** A condition beyond state and role. `check` returns what is wrong, or nothing. */
export interface Guard<Context> {
  readonly code: ErrorCode;
  /** What must hold, in words, for people. */
  readonly rule: string;
  /** The argument that a violation is about. */
  readonly path?: string;
  check(context: Context): string | undefined | Promise<string | undefined>;
}

/** A row of the table: from any of these states (none: the asset is new) to one of those. */
export interface Move {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What an operation does to records of a kind beside the one that it is about. */
export interface SideMoves {
  readonly kind: Kind;
  readonly moves: readonly Move[];
}

export interface WriteCall<Settings> {
  readonly caller: Caller;
  /** The transaction's time, within the agreed skew of the clock. */
  readonly now: string;
  readonly config: Config<Settings>;
  readonly tx: OpenTransaction;
}

export interface CreationContext<Settings, Args> {
  readonly caller: Caller;
  readonly now: string;
  readonly config: Config<Settings>;
  readonly tx: Transaction;
  readonly id: string;
  readonly args: Args;
}

export interface TransitionContext<Settings, Args, Data> extends CreationContext<Settings, Args> {
  readonly record: AssetRecord<Data>;
}

export interface ActorDescription {
  readonly name: string;
  readonly title: string;
  readonly roles: readonly string[];
}

interface Described {
  readonly title: string;
  readonly description: string;
  readonly args: Schema<unknown>;
}

export interface WriteOperation<Settings> extends Described {
  readonly type: 'write';
  readonly kind: string;
  readonly moves: readonly Move[];
  readonly by: readonly ActorDescription[];
  readonly guards: readonly { readonly code: ErrorCode; readonly rule: string }[];
  readonly also?: readonly SideMoves[];
  /** Codes of refusals that come neither from the table nor from a guard. */
  readonly raises?: readonly ErrorCode[];
  /** `args` are what the schema has made of the arguments. */
  apply(name: string, call: WriteCall<Settings>, args: unknown): Promise<AssetRecord>;
}

export interface ReadCall<Settings> {
  readonly ledger: Ledger;
  readonly caller: Caller;
  /** The transaction's time, as the client gave it. */
  readonly at: string;
  readonly config: Config<Settings> | undefined;
}

export interface ReadOperation<Settings> extends Described {
  readonly type: 'read';
  run(call: ReadCall<Settings>, args: unknown): Promise<JsonValue>;
}

/** What a write answers, and what its event tells. */
export interface WriteOutcome {
  readonly result: JsonValue;
  readonly changes: readonly Change[];
}

/** A write that concerns the contract itself rather than an asset. */
export interface SetupOperation extends Described {
  readonly type: 'setup';
  readonly by: readonly ActorDescription[];
  readonly errors: readonly ErrorCode[];
  run(call: { readonly ledger: Ledger; readonly caller: Caller; readonly at: string }, args: unknown): Promise<WriteOutcome>;
}

export type Operation<Settings> = WriteOperation<Settings> | SetupOperation | ReadOperation<Settings>;

/** Every write takes one: see idempotency.ts. */
export const requestIdField = { requestId: id('Request id: the same request sent again is answered, not repeated') };
