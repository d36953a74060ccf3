/** What can become of a call, with whether the same call may succeed later without anybody changing anything. */
export const TRANSACTION_ERROR_CODES = {
  /** A name in the call is not known. */
  NOT_FOUND: { retryable: false, nextAction: 'Check the names of consortium, member, channel and contract.' },
  /** What the call needs is not there yet: no peer, no committed contract. */
  NOT_READY: { retryable: true, nextAction: 'Wait until the channel and the contract are Ready.' },
  /** The member may not do this, or not in this role. */
  DENIED: { retryable: false, nextAction: "Choose a role that is among the member's application roles." },
  INVALID_ARGUMENT: { retryable: false, nextAction: 'Correct the argument that is named.' },
  /** The contract said no; `contract` is what it said. Nothing was written. */
  CONTRACT_REFUSED: { retryable: false, nextAction: "Read the contract's message." },
  /** No peer of the channel could be read from. */
  NOT_ANSWERED: { retryable: true, nextAction: 'Bring back a peer of the channel, or wait for one.' },
  /** Peers of too few members could endorse. */
  NOT_ENDORSED: { retryable: true, nextAction: 'Bring back the peers that are named, or wait for them.' },
  /** Members answer the same call differently. */
  ENDORSEMENT_MISMATCH: { retryable: true, nextAction: 'Check that the members that are named run the same contract and are not behind.' },
  /** It was ordered and found invalid; `validation` says why. Nothing was written. */
  TRANSACTION_INVALID: { retryable: false, nextAction: 'Read the validation code.' },
  /** The orderers did not take it. */
  NOT_ORDERED: { retryable: true, nextAction: 'Check the orderers and whether they have a leader.' },
  /** Whether it is on the ledger is not known. */
  OUTCOME_UNKNOWN: { retryable: true, nextAction: 'Call again with the same requestId: what was done is not done twice.' },
  /** The deadline passed before anything was handed to the orderers. */
  DEADLINE_EXCEEDED: { retryable: true, nextAction: 'Call again, with a longer deadline.' },
  /** More calls at once than this gateway, or the node that is named, takes. Nothing was written. */
  OVERLOADED: { retryable: true, nextAction: 'Call again a little later; make fewer calls at once.' },
  /** No certificate could be had for the member's client. */
  NO_IDENTITY: { retryable: true, nextAction: "Check that the member's certificate authority runs." },
} as const satisfies Record<string, { retryable: boolean; nextAction: string }>;

export type TransactionErrorCode = keyof typeof TRANSACTION_ERROR_CODES;

/** A refusal of the contract, as it gave it. `code` is empty when the contract gave no coded error. */
export interface ContractRefusal {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly nextAction?: string;
}

export interface TransactionErrorDetails {
  readonly nextAction?: string;
  readonly contract?: ContractRefusal;
  readonly validation?: { readonly code: number; readonly name: string };
  readonly transactionId?: string | undefined;
  /** The request id under which the call may be made again. */
  readonly requestId?: string | undefined;
  /** What each node said. */
  readonly nodes?: readonly { readonly address: string; readonly mspId?: string; readonly message: string }[];
  readonly cause?: unknown;
}

/** A transaction or query that did not succeed: what happened, and what to do next. */
export class TransactionError extends Error {
  override readonly name = 'TransactionError';
  readonly code: TransactionErrorCode;
  readonly retryable: boolean;
  readonly nextAction: string;
  readonly contract: ContractRefusal | undefined;
  readonly validation: { readonly code: number; readonly name: string } | undefined;
  readonly transactionId: string | undefined;
  readonly requestId: string | undefined;
  readonly nodes: NonNullable<TransactionErrorDetails['nodes']>;

  constructor(code: TransactionErrorCode, message: string, details: TransactionErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = TRANSACTION_ERROR_CODES[code].retryable;
    this.nextAction = details.nextAction ?? details.contract?.nextAction ?? TRANSACTION_ERROR_CODES[code].nextAction;
    this.contract = details.contract;
    this.validation = details.validation;
    this.transactionId = details.transactionId;
    this.requestId = details.requestId;
    this.nodes = details.nodes ?? [];
  }
}
