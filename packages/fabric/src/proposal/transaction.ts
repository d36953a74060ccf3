import { createHash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { DecodeError, EndorseError } from '../errors.ts';
import { type Identity, parseIdentity } from '../identity/index.ts';
import { decode, decodeExact, required, sameBytes } from '../protobuf.ts';
import { buildPayload, headerOf } from './header.ts';
import { type DecodedProposal, decodeInvocation } from './proposal.ts';

/** One peer's answer to the proposal. */
export interface Endorsed {
  readonly address: string;
  readonly mspId: string;
  readonly response: peer.ProposalResponse;
}

export interface UnsignedTransaction {
  /** The payload of the envelope: sign these and `joinEnvelope`. */
  readonly bytes: Uint8Array;
  readonly transactionId: string;
  readonly channel: string;
  /** What the contract returned. */
  readonly result: Uint8Array;
}

/**
 * The transaction from a proposal and its endorsements (protoutil.CreateSignedTx): all answers must be good and equal.
 * Throws an EndorseError that names who refused or differs.
 */
export function buildTransaction(proposalBytes: Uint8Array, endorsements: readonly Endorsed[]): UnsignedTransaction {
  const proposal = decode(peer.Proposal, proposalBytes, 'Proposal');
  const header = decode(common.Header, proposal.getHeader_asU8(), 'Header');
  const channelHeader = decode(common.ChannelHeader, header.getChannelHeader_asU8(), 'ChannelHeader');
  const id = channelHeader.getTxId();
  const { payload, result } = agreedAnswer(endorsements, id);

  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(payload);
  endorsed.setEndorsementsList(endorsements.map(({ response }) => required(response.getEndorsement(), 'endorsement')));
  const actionPayload = new peer.ChaincodeActionPayload();
  actionPayload.setChaincodeProposalPayload(withoutTransient(proposal.getPayload_asU8()));
  actionPayload.setAction(endorsed);
  const action = new peer.TransactionAction();
  action.setHeader(header.getSignatureHeader_asU8());
  action.setPayload(actionPayload.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.setActionsList([action]);
  return { bytes: buildPayload(header, transaction.serializeBinary()), transactionId: id, channel: channelHeader.getChannelId(), result };
}

/** The transient map reaches the endorsers only (protoutil.GetBytesProposalPayloadForTx). */
function withoutTransient(payload: Uint8Array): Uint8Array {
  const stripped = new peer.ChaincodeProposalPayload();
  stripped.setInput(decode(peer.ChaincodeProposalPayload, payload, 'ChaincodeProposalPayload').getInput_asU8());
  return stripped.serializeBinary();
}

function agreedAnswer(endorsements: readonly Endorsed[], transactionId: string): { payload: Uint8Array; result: Uint8Array } {
  const [first] = endorsements;
  if (first === undefined) throw new EndorseError('NOT_ENOUGH_ENDORSEMENTS', 'Nobody endorsed the transaction.', { transactionId });
  const refused = endorsements.filter(({ response }) => !isGood(response));
  if (refused.length > 0) {
    throw new EndorseError(
      'CONTRACT_REFUSED',
      `${names(refused)} did not endorse: ${refused[0]?.response.getResponse()?.getMessage() ?? 'no answer'}`,
      {
        transactionId,
        nodes: refused.map(({ address, mspId, response }) => ({
          address,
          mspId,
          message: response.getResponse()?.getMessage() ?? '',
          status: response.getResponse()?.getStatus() ?? 0,
        })),
      },
    );
  }
  const groups = groupByPayload(endorsements);
  const [majority = [], ...others] = groups;
  if (others.length > 0) {
    const different = others.flat();
    throw new EndorseError(
      'ENDORSEMENT_MISMATCH',
      `${names(different)} answered differently from ${names(majority)}: ${differences(majority[0], different[0])}.`,
      {
        transactionId,
        nodes: different.map(({ address, mspId }) => ({ address, mspId, message: `differs from ${names(majority)}` })),
      },
    );
  }
  return { payload: first.response.getPayload_asU8(), result: signedResult(first, transactionId) };
}

/** What all of them signed, and not what the first one says beside its signature. */
function signedResult(endorsed: Endorsed, transactionId: string): Uint8Array {
  const action = readableAction(endorsed);
  if (action !== undefined) return action.getResponse()?.getPayload_asU8() ?? new Uint8Array();
  const { address, mspId } = endorsed;
  throw new EndorseError('UNEXPECTED_ANSWER', `${names([endorsed])} endorsed something that cannot be read.`, {
    transactionId,
    nodes: [{ address, mspId, message: 'what it endorsed cannot be read' }],
  });
}

/** A peer endorses whatever has a status below 400; no endorsement means that it did not sign. */
const isGood = (response: peer.ProposalResponse): boolean => {
  const status = response.getResponse()?.getStatus() ?? 0;
  return status >= 200 && status < 400 && response.hasEndorsement();
};

const names = (endorsements: readonly Endorsed[]): string => endorsements.map(({ address, mspId }) => `${mspId} (${address})`).join(', ');

/** The largest group first. */
function groupByPayload(endorsements: readonly Endorsed[]): Endorsed[][] {
  const groups = Map.groupBy(endorsements, ({ response }) => Buffer.from(response.getPayload_asU8()).toString('base64'));
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function differences(a: Endorsed | undefined, b: Endorsed | undefined): string {
  if (a === undefined || b === undefined) return 'unknown';
  const [actionA, actionB] = [a, b].map(readableAction);
  if (actionA === undefined || actionB === undefined) return 'one of them cannot be read';
  const parts: [string, (action: peer.ChaincodeAction) => Uint8Array][] = [
    ['what it reads and writes', (action) => action.getResults_asU8()],
    ['its events', (action) => action.getEvents_asU8()],
    ['its result', (action) => action.getResponse()?.serializeBinary() ?? new Uint8Array()],
    ["the contract's version", (action) => action.getChaincodeId()?.serializeBinary() ?? new Uint8Array()],
  ];
  const different = parts.filter(([, part]) => !sameBytes(part(actionA), part(actionB)));
  return different.length === 0 ? 'the proposal that it answers' : different.map(([name]) => name).join(', ');
}

function readableAction({ response }: Endorsed): peer.ChaincodeAction | undefined {
  try {
    return responseAction(response.getPayload_asU8()).action;
  } catch (error) {
    if (error instanceof DecodeError) return undefined; // The caller says so.
    throw error;
  }
}

function responseAction(payload: Uint8Array): { proposalHash: Uint8Array; action: peer.ChaincodeAction } {
  const response = decode(peer.ProposalResponsePayload, payload, 'ProposalResponsePayload');
  return {
    proposalHash: response.getProposalHash_asU8(),
    action: decode(peer.ChaincodeAction, response.getExtension_asU8(), 'ChaincodeAction'),
  };
}

export interface DecodedTransaction extends DecodedProposal {
  readonly endorsers: readonly Identity[];
  /** TxReadWriteSet bytes: what the endorsers say the call does. */
  readonly results: Uint8Array;
  readonly response: { readonly status: number; readonly message: string; readonly payload: Uint8Array };
}

/**
 * What signing this transaction payload would mean: one endorsed call. Refuses payloads that `buildTransaction` could not
 * have made, and endorsements that belong to another proposal. Whether they are genuine is for the committing peers.
 */
export function decodeTransaction(bytes: Uint8Array): DecodedTransaction {
  const payload = decodeExact(common.Payload, bytes, 'Payload');
  const header = headerOf(payload);
  const actions = decodeExact(peer.Transaction, payload.getData_asU8(), 'Transaction').getActionsList();
  const [action] = actions;
  if (action === undefined || actions.length !== 1)
    throw new DecodeError('MALFORMED_MESSAGE', `The transaction holds ${actions.length} calls instead of one.`);
  if (!sameBytes(action.getHeader_asU8(), header.getSignatureHeader_asU8()))
    throw new DecodeError('MALFORMED_MESSAGE', 'The transaction and its call name different creators.');
  const actionPayload = decodeExact(peer.ChaincodeActionPayload, action.getPayload_asU8(), 'ChaincodeActionPayload');
  const callBytes = actionPayload.getChaincodeProposalPayload_asU8();
  const endorsed = required(actionPayload.getAction(), 'endorsed action');
  const { proposalHash, action: outcome } = responseAction(endorsed.getProposalResponsePayload_asU8());
  if (!sameBytes(proposalHash, hashOfProposal(header, callBytes)))
    throw new DecodeError('MALFORMED_MESSAGE', 'The endorsements belong to another proposal.');
  const response = required(outcome.getResponse(), 'response');
  return {
    ...decodeInvocation(header, callBytes, decodeExact),
    endorsers: endorsed.getEndorsementsList().map((endorsement) => parseIdentity(endorsement.getEndorser_asU8())),
    results: outcome.getResults_asU8(),
    response: { status: response.getStatus(), message: response.getMessage(), payload: response.getPayload_asU8() },
  };
}

/** protoutil.GetProposalHash2. */
function hashOfProposal(header: common.Header, callBytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(header.getChannelHeader_asU8()).update(header.getSignatureHeader_asU8()).update(callBytes).digest();
}
