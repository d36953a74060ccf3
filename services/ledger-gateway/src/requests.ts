/** A query of a contract, as a member's client. */
export interface EvaluateRequest {
  readonly consortium: string;
  /** In whose name. */
  readonly member: string;
  readonly channel: string;
  readonly contract: string;
  readonly function: string;
  /** As the contract receives them; Guildhall's contracts take one JSON object. */
  readonly args: readonly string[];
  /** Reaches the endorsing peers only, never the ledger. */
  readonly transient?: Readonly<Record<string, string>>;
  /** The contract role to act in; one of the member's application roles. */
  readonly role?: string;
  /** For the whole call. Default 30 s, at most two minutes. */
  readonly deadlineMs?: number;
  /** What the caller was told of, be it by another gateway: it is not answered from before it, as far as peers catch up in time. */
  readonly seen?: SeenBlock;
}

/** A block of one ledger: a channel that is made anew under the same name has another. */
export interface SeenBlock {
  readonly ledger: string;
  readonly blockNumber: number;
}

/** A transaction of a contract, as a member's client. */
export interface SubmitRequest extends EvaluateRequest {
  /** Under which the contract knows the call when it is made again. Left out, a new one is given. Counts only where the arguments are one JSON object without one. */
  readonly requestId?: string;
  /** Exactly these members endorse; left out, the smallest set that the policy accepts. */
  readonly endorsingMembers?: readonly string[];
}

export interface SubmittedTransaction {
  readonly transactionId: string;
  /** As in SeenBlock. */
  readonly ledger: string;
  readonly blockNumber: number;
  readonly validationCode: 'VALID';
  /** What the contract answered. */
  readonly result: string;
  /** Names of members. */
  readonly endorsers: readonly string[];
  readonly requestId: string | undefined;
}
