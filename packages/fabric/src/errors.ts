/** One node's part in a failure. `mspId` and `address` are there when the caller knew them; `status` is what the node answered (gRPC code, HTTP or chaincode status). */
export interface NodeFailure {
  readonly address: string;
  readonly mspId?: string;
  readonly message: string;
  readonly status?: number | string;
}

/**
 * Every code, with whether the same call may succeed later without anybody changing anything (`retryable`)
 * and what a person does next. One table, so that no code is ever without an answer.
 */
export const FABRIC_ERROR_CODES = {
  // identity
  INVALID_CERTIFICATE: {
    retryable: false,
    nextAction: "Give the certificate as one PEM block issued by the member's certificate authority.",
  },
  INVALID_KEY: { retryable: false, nextAction: 'Use an ECDSA P-256 private key that belongs to the certificate.' },
  INVALID_SIGNATURE: { retryable: false, nextAction: 'Sign exactly the bytes that were handed out, with the key of the named identity.' },
  // policy
  INVALID_POLICY: {
    retryable: false,
    nextAction: "Write the policy as AND, OR, OutOf over 'MSP.role', or as ANY, ALL or MAJORITY of a policy name.",
  },
  UNSATISFIABLE_POLICY: { retryable: false, nextAction: 'Name members of the channel that run a peer, or ask for fewer of them.' },
  // configuration
  INVALID_CONFIGURATION: { retryable: false, nextAction: 'Correct the field that is named and try again.' },
  INVALID_MSP: { retryable: false, nextAction: "Correct the member's MSP id or certificates; the message names which." },
  NO_DIFFERENCE: { retryable: false, nextAction: 'Nothing: the channel already has this configuration.' },
  CONFIG_CONFLICT: {
    retryable: true,
    nextAction: 'Read the newest configuration, compute the update again and collect signatures for it.',
  },
  // packages and messages
  INVALID_PACKAGE: { retryable: false, nextAction: 'Build the package again from its artifact.' },
  MALFORMED_MESSAGE: { retryable: false, nextAction: 'Check that the bytes are what they are said to be and were not cut short.' },
  INVALID_BLOCK: {
    retryable: false,
    nextAction: 'Fetch the block from another node; a block that does not match its hash must not be used.',
  },
  // reaching a node
  UNREACHABLE: { retryable: true, nextAction: 'Check that the node runs and that its address is right.' },
  TLS_REFUSED: {
    retryable: false,
    nextAction:
      "Check the TLS root certificates, that the address is in the node's certificate, and that the node accepts the certificate of this client where it asks for one.",
  },
  DEADLINE_EXCEEDED: { retryable: true, nextAction: "Check the node's health; the call is tried again." },
  MESSAGE_TOO_LARGE: { retryable: false, nextAction: 'Ask for less, or send less, in one call.' },
  CANCELLED: { retryable: true, nextAction: 'Nothing: the caller ended the call.' },
  // endorsing and querying
  ACCESS_DENIED: { retryable: false, nextAction: "Use an identity that the channel's policy for this call accepts." },
  CONTRACT_REFUSED: { retryable: false, nextAction: "Correct the call; the contract's own message says why it refused." },
  CONTRACT_UNREACHABLE: { retryable: true, nextAction: "Check the contract's instance of the member that is named." },
  PROPOSAL_REFUSED: { retryable: false, nextAction: "Read the peer's message; it refused the proposal before running anything." },
  ENDORSEMENT_MISMATCH: {
    retryable: true,
    nextAction: 'Check that the named members run the same contract and have the same block height.',
  },
  NOT_ENOUGH_ENDORSEMENTS: { retryable: true, nextAction: "Bring the named members' peers back, or wait for them." },
  OVERLOADED: { retryable: true, nextAction: 'Submit fewer transactions at once; the node limits concurrent calls.' },
  // ordering
  SUBMIT_REFUSED: { retryable: false, nextAction: "Read the orderer's message; the transaction was not accepted." },
  ORDERERS_UNAVAILABLE: { retryable: true, nextAction: 'Check the orderers and whether they have a leader.' },
  // committing
  TRANSACTION_INVALID: { retryable: false, nextAction: 'Read the validation code; it says whether to submit again.' },
  COMMIT_UNKNOWN: { retryable: true, nextAction: 'Look the transaction up by its id before submitting again.' },
  // channel participation
  CHANNEL_EXISTS: { retryable: false, nextAction: 'Nothing: the orderer is already in the channel.' },
  CHANNEL_NOT_FOUND: { retryable: false, nextAction: 'Join the node to the channel first.' },
  CHANNEL_PENDING_REMOVAL: { retryable: true, nextAction: 'Wait until the orderer has removed the channel.' },
  PARTICIPATION_REFUSED: { retryable: false, nextAction: "Read the orderer's message; it refused the block." },
  // delivery of blocks
  BLOCK_NOT_FOUND: { retryable: true, nextAction: 'Wait until the node has this block, or ask another node.' },
  DELIVER_INTERRUPTED: { retryable: true, nextAction: 'Nothing: the stream is opened again from the next block.' },
  // a node's own endpoints
  NODE_UNHEALTHY: { retryable: true, nextAction: "Read the failed checks and the node's log." },
  UNEXPECTED_ANSWER: { retryable: true, nextAction: "Check the node's version and that the address is the endpoint it should be." },
} as const satisfies Record<string, { retryable: boolean; nextAction: string }>;

export type FabricErrorCode = keyof typeof FABRIC_ERROR_CODES;

export interface FabricErrorDetails {
  readonly nodes?: readonly NodeFailure[];
  readonly transactionId?: string;
  readonly channel?: string;
  /** Where in the input the fault is, as a dotted path (`ordererOrganizations.0.mspId`). */
  readonly path?: string;
  readonly cause?: unknown;
  /** Said instead of the code's own next action when the place of the error knows better. */
  readonly nextAction?: string;
}

/** Base of all errors of this package; the subclasses say at which stage it happened. */
export class FabricError extends Error {
  readonly code: FabricErrorCode;
  readonly retryable: boolean;
  readonly nextAction: string;
  readonly nodes: readonly NodeFailure[];
  readonly transactionId: string | undefined;
  readonly channel: string | undefined;
  readonly path: string | undefined;

  constructor(code: FabricErrorCode, message: string, details: FabricErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = FABRIC_ERROR_CODES[code].retryable;
    this.nextAction = details.nextAction ?? FABRIC_ERROR_CODES[code].nextAction;
    this.nodes = details.nodes ?? [];
    this.transactionId = details.transactionId;
    this.channel = details.channel;
    this.path = details.path;
  }
}

/** A certificate, key or signature that Fabric would refuse. */
export class IdentityError extends FabricError {}
/** A policy that cannot be read, or that nobody can satisfy. */
export class PolicyError extends FabricError {}
/** A channel configuration, MSP or configuration update. */
export class ConfigError extends FabricError {}
/** A contract package. */
export class PackageError extends FabricError {}
/** Bytes that are not the message they should be. */
export class DecodeError extends FabricError {}
/** A node that could not be reached. */
export class ConnectError extends FabricError {}
/** Endorsing a proposal, or a query, at peers. */
export class EndorseError extends FabricError {}
/** Handing a transaction to the orderers. `maybeTaken`: one of them may have taken it all the same, since its answer did not come. */
export class SubmitError extends FabricError {
  readonly maybeTaken: boolean;
  constructor(code: FabricErrorCode, message: string, details: FabricErrorDetails & { readonly maybeTaken?: boolean } = {}) {
    super(code, message, details);
    this.maybeTaken = details.maybeTaken ?? false;
  }
}
/** A transaction that was ordered and found invalid. `validationCode` is Fabric's TxValidationCode. */
export class CommitError extends FabricError {
  readonly validationCode: number;
  constructor(validationCode: number, message: string, details: FabricErrorDetails = {}) {
    super('TRANSACTION_INVALID', message, details);
    this.validationCode = validationCode;
  }
}
/** The fate of a submitted transaction is not known. */
export class CommitStatusError extends FabricError {}
/** The channel participation API of an orderer. */
export class ParticipationError extends FabricError {}
/** A stream of blocks. */
export class DeliverError extends FabricError {}
/** The lifecycle of contracts: install, approve, commit. */
export class LifecycleError extends FabricError {}
/** The operations endpoint of a node. */
export class OperationsError extends FabricError {}
