import type { ColumnType, Generated, Selectable } from 'kysely';

/** A timestamptz: read as Date, written as Date or left to the database. */
type Timestamp = ColumnType<Date, Date | undefined, Date>;
type NullableTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** A bigint: pg reads it as text. */
type BigInteger = ColumnType<string, string | number | bigint, string | number | bigint>;
type Json<T> = ColumnType<T, string, string>;

export type OperationState = 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelling' | 'cancelled';
export type StepState = 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';

export interface OperationProblem {
  code: string;
  message: string;
  nextAction: string;
}

interface OperationsTable {
  id: Generated<string>;
  kind: string;
  consortium: string;
  actor: string;
  /** What the steps work from: validated input and what was derived from it once. Never a secret. */
  plan: Json<unknown>;
  state: ColumnType<OperationState, OperationState | undefined, OperationState>;
  /** Rises with every claim; a write of an older claim finds no row. */
  epoch: ColumnType<number, number | undefined, number>;
  /** The worker whose lease it is. */
  claimed_by: string | null;
  /** What it changes within the consortium, as in `contract/note`; empty: all of it. */
  subject: string;
  /** It waits for people, and others may change the rest of the consortium meanwhile. */
  yields: ColumnType<boolean, boolean | undefined, boolean>;
  lease_until: NullableTimestamp;
  /** When the operation should be looked at again; null while it ended. */
  due_at: NullableTimestamp;
  idempotency_key: string | null;
  /** sha256 of the input, to tell a repetition from another request under the same key. */
  input_digest: string;
  problem: Json<OperationProblem | null> | null;
  created_at: Timestamp;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
}

interface OperationStepsTable {
  operation_id: string;
  position: number;
  name: string;
  title: string;
  state: ColumnType<StepState, StepState | undefined, StepState>;
  attempt: ColumnType<number, number | undefined, number>;
  reason: string | null;
  message: string | null;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  /** Since when what it waits for is a trouble; null: it is none. */
  trouble_since: NullableTimestamp;
  /** When that was gone; null: it has not been. */
  trouble_until: NullableTimestamp;
}

interface OperationLogTable {
  id: Generated<string>;
  operation_id: string;
  step: string | null;
  at: Timestamp;
  message: string;
}

interface OutboxTable {
  id: Generated<string>;
  operation_id: string;
  published_at: NullableTimestamp;
}

/** kept: the consortium is gone, its data volumes and keys are not, and they hold its name. */
export type ConsortiumState = 'live' | 'deleting' | 'kept' | 'deleted';

interface ConsortiaTable {
  id: Generated<string>;
  name: string;
  state: ColumnType<ConsortiumState, ConsortiumState | undefined, ConsortiumState>;
  /** Of its Consortium object, once that was seen. */
  cluster_uid: string | null;
  created_at: Timestamp;
  created_by: string;
}

interface MspReservationsTable {
  consortium_id: string;
  member: string;
  msp_id: string;
}

interface ArtifactsTable {
  digest: string;
  bytes: Uint8Array;
  metadata: Json<unknown>;
  template: string | null;
  template_version: string | null;
  created_at: Timestamp;
}

interface ContractSourcesTable {
  digest: string;
  entry: string;
  files: Json<{ path: string; text: string }[]>;
}

interface ContractDefinitionsTable {
  id: Generated<string>;
  consortium_id: string;
  contract: string;
  version: string;
  artifact_digest: string;
  /** specDigest of the Contract's spec. */
  spec_digest: string;
  consent: 'delegated' | 'each';
  operation_id: string;
  created_at: Timestamp;
  created_by: string;
}

interface ContractDecisionsTable {
  definition_id: string;
  member: string;
  state: 'approved' | 'rejected';
  actor: string;
  reason: string | null;
  at: Timestamp;
}

interface ProjectionsTable {
  kind: string;
  namespace: string;
  name: string;
  consortium: string;
  uid: string;
  resource_version: BigInteger;
  object: Json<unknown>;
}

interface AuditTable {
  id: Generated<string>;
  at: Timestamp;
  actor: string;
  action: string;
  target: string;
  /** The member in whose name the actor consented, when it was not the member itself. */
  delegated_for: string | null;
  operation_id: string | null;
  details: Json<unknown>;
}

/** Requests that are no operations, by the key under which each was sent. */
interface RequestsTable {
  id: Generated<string>;
  actor: string;
  idempotency_key: string;
  /** sha256 of the kind of request and its input. */
  input_digest: string;
  created_at: Timestamp;
}

interface AccessTokensTable {
  /** sha256 of the token; the token itself is nowhere. */
  digest: string;
  actor: string;
  created_at: Timestamp;
}

interface SessionsTable {
  /** sha256 of the id that the cookie holds. */
  digest: string;
  /** The token that it was begun under. */
  token_digest: string;
  created_at: Timestamp;
  /** Moves on with its use, up to `ends_at`. */
  expires_at: Timestamp;
  ends_at: Timestamp;
}

interface SignInCodesTable {
  /** sha256 of the code. */
  digest: string;
  token_digest: string;
  expires_at: Timestamp;
}

interface LedgersTable {
  id: Generated<string>;
  /** Null: what stands under this id holds no longer. */
  channel_uid: string | null;
  /** Blocks below this one are in the index. */
  next_block: ColumnType<string, number | undefined, number>;
  /** Of the block before that. */
  last_hash: Uint8Array | null;
  created_at: Timestamp;
}

interface LedgerBlocksTable {
  ledger_id: string;
  number: BigInteger;
  hash: Uint8Array;
  previous_hash: Uint8Array;
  data_hash: Uint8Array;
  is_configuration: boolean;
  transaction_count: number;
  valid_count: number;
  /** The newest time among its transactions, as their clients gave it. */
  at: NullableTimestamp;
  seen_at: Timestamp;
}

interface LedgerTransactionsTable {
  ledger_id: string;
  block: BigInteger;
  position: number;
  transaction_id: string;
  type: string;
  contract: string | null;
  function: string | null;
  /** The MSP id. */
  creator: string | null;
  validation_code: number;
  has_event: boolean;
  at: NullableTimestamp;
  /** From its client's time to when its block was seen; null where it was not watched for then. */
  latency_ms: number | null;
}

interface LedgerWritesTable {
  ledger_id: string;
  key_digest: Uint8Array;
  block: BigInteger;
  position: number;
  is_delete: boolean;
  is_valid: boolean;
}

interface ForgottenObjectsTable {
  uid: string;
  at: Generated<Date>;
}

export interface Tables {
  forgotten_objects: ForgottenObjectsTable;
  ledgers: LedgersTable;
  ledger_blocks: LedgerBlocksTable;
  ledger_transactions: LedgerTransactionsTable;
  ledger_writes: LedgerWritesTable;
  access_tokens: AccessTokensTable;
  sessions: SessionsTable;
  sign_in_codes: SignInCodesTable;
  operations: OperationsTable;
  operation_steps: OperationStepsTable;
  operation_log: OperationLogTable;
  outbox: OutboxTable;
  consortia: ConsortiaTable;
  msp_reservations: MspReservationsTable;
  artifacts: ArtifactsTable;
  contract_sources: ContractSourcesTable;
  contract_definitions: ContractDefinitionsTable;
  contract_decisions: ContractDecisionsTable;
  projections: ProjectionsTable;
  requests: RequestsTable;
  audit: AuditTable;
}

export type OperationRow = Selectable<OperationsTable>;
export type StepRow = Selectable<OperationStepsTable>;
export type LogRow = Selectable<OperationLogTable>;
export type RequestRow = Selectable<RequestsTable>;
export type ConsortiumRow = Selectable<ConsortiaTable>;
export type ContractDefinitionRow = Selectable<ContractDefinitionsTable>;
export type ContractDecisionRow = Selectable<ContractDecisionsTable>;
