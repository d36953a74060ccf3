/** peer/transaction.proto TxValidationCode: the verdict of the committing peers, the same at each of them. */
export interface ValidationVerdict {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  readonly nextAction: string;
  /** Whether the same request may succeed when it is endorsed and submitted anew. */
  readonly resubmit: boolean;
}

const BUG = 'The client built the transaction wrongly; report it with the transaction id.';
const AGAIN = 'Endorse and submit the request again.';

const VERDICTS: Readonly<Record<number, Omit<ValidationVerdict, 'code'>>> = {
  0: { name: 'VALID', meaning: 'The transaction is on the ledger and took effect.', nextAction: 'Nothing.', resubmit: false },
  1: { name: 'NIL_ENVELOPE', meaning: 'The block holds an empty envelope in its place.', nextAction: BUG, resubmit: false },
  2: { name: 'BAD_PAYLOAD', meaning: 'Its payload cannot be read.', nextAction: BUG, resubmit: false },
  3: { name: 'BAD_COMMON_HEADER', meaning: 'Its header cannot be read or is incomplete.', nextAction: BUG, resubmit: false },
  4: {
    name: 'BAD_CREATOR_SIGNATURE',
    meaning: 'The signature of who submitted it does not hold, or that identity is not (or no longer) valid in the channel.',
    nextAction: 'Check that the certificate is not expired or revoked and that the member is in the channel, then submit again.',
    resubmit: false,
  },
  5: { name: 'INVALID_ENDORSER_TRANSACTION', meaning: 'It is not a well-formed call of a contract.', nextAction: BUG, resubmit: false },
  6: {
    name: 'INVALID_CONFIG_TRANSACTION',
    meaning: 'The configuration change does not follow from the configuration that was current.',
    nextAction: 'Compute the change again from the newest configuration and collect signatures for it.',
    resubmit: false,
  },
  7: {
    name: 'UNSUPPORTED_TX_PAYLOAD',
    meaning: 'The peers do not support this kind of transaction.',
    nextAction: "Check the versions of the peers and the channel's capabilities.",
    resubmit: false,
  },
  8: { name: 'BAD_PROPOSAL_TXID', meaning: 'Its id does not follow from nonce and creator.', nextAction: BUG, resubmit: false },
  9: {
    name: 'DUPLICATE_TXID',
    meaning: 'A transaction with this id is already on the ledger; this copy had no effect.',
    nextAction: 'Look the transaction up by its id: the first copy holds the verdict that counts.',
    resubmit: false,
  },
  10: {
    name: 'ENDORSEMENT_POLICY_FAILURE',
    meaning: "The endorsements do not satisfy the contract's endorsement policy (or that of a key or collection that it writes).",
    nextAction: "Endorse with the members that the policy names; check that their peers' certificates are valid in the channel.",
    resubmit: true,
  },
  11: {
    name: 'MVCC_READ_CONFLICT',
    meaning: 'Another transaction changed a value that this one had read.',
    nextAction: AGAIN,
    resubmit: true,
  },
  12: {
    name: 'PHANTOM_READ_CONFLICT',
    meaning: 'Another transaction changed the result of a range query that this one had made.',
    nextAction: AGAIN,
    resubmit: true,
  },
  13: { name: 'UNKNOWN_TX_TYPE', meaning: 'Its type is unknown.', nextAction: BUG, resubmit: false },
  14: {
    name: 'TARGET_CHAIN_NOT_FOUND',
    meaning: 'It names another channel than the one it was ordered in.',
    nextAction: BUG,
    resubmit: false,
  },
  15: { name: 'MARSHAL_TX_ERROR', meaning: 'The peer could not encode it while validating.', nextAction: BUG, resubmit: false },
  16: { name: 'NIL_TXACTION', meaning: 'It calls nothing.', nextAction: BUG, resubmit: false },
  17: {
    name: 'EXPIRED_CHAINCODE',
    meaning: 'The contract was replaced between endorsement and commit.',
    nextAction: AGAIN,
    resubmit: true,
  },
  18: {
    name: 'CHAINCODE_VERSION_CONFLICT',
    meaning: 'Another version of the contract was committed between endorsement and commit.',
    nextAction: AGAIN,
    resubmit: true,
  },
  19: { name: 'BAD_HEADER_EXTENSION', meaning: 'Its header does not name the contract properly.', nextAction: BUG, resubmit: false },
  20: { name: 'BAD_CHANNEL_HEADER', meaning: 'Its channel header cannot be read or is wrong.', nextAction: BUG, resubmit: false },
  21: { name: 'BAD_RESPONSE_PAYLOAD', meaning: 'What the endorsers answered cannot be read.', nextAction: BUG, resubmit: false },
  22: { name: 'BAD_RWSET', meaning: 'What it reads and writes cannot be read.', nextAction: BUG, resubmit: false },
  23: {
    name: 'ILLEGAL_WRITESET',
    meaning: 'It writes where its contract may not write.',
    nextAction: 'Correct the contract: it may write to its own namespace only.',
    resubmit: false,
  },
  24: {
    name: 'INVALID_WRITESET',
    meaning: 'It writes a key that is not allowed (as an empty one, or one that is not UTF-8).',
    nextAction: 'Correct the contract: keys are non-empty UTF-8 text.',
    resubmit: false,
  },
  25: {
    name: 'INVALID_CHAINCODE',
    meaning: 'The contract is not committed in this channel, or its definition cannot be read.',
    nextAction: 'Check that the contract is committed in the channel.',
    resubmit: false,
  },
  254: {
    name: 'NOT_VALIDATED',
    meaning: 'The peer has not validated it yet.',
    nextAction: 'Ask again; a committed block never keeps this code.',
    resubmit: false,
  },
  255: {
    name: 'INVALID_OTHER_REASON',
    meaning: 'The peers refused it for another reason.',
    nextAction: 'Read the log of a peer around this block.',
    resubmit: false,
  },
};

export function explainValidationCode(code: number): ValidationVerdict {
  const verdict = VERDICTS[code] ?? {
    name: `CODE_${code}`,
    meaning: 'The peers refused it with a code that Guildhall does not know.',
    nextAction: 'Read the log of a peer around this block.',
    resubmit: false,
  };
  return { code, ...verdict };
}
