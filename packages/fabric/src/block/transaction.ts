import { common, msp, peer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import type { Identity } from '../identity/index.ts';
import { decodeHeader, headerOf } from '../proposal/header.ts';
import { decode, required, textOf } from '../protobuf.ts';
import { type ReadWriteSet, decodeReadWriteSets } from './read-write-set.ts';

/** One member's signature under an identity, as far as it can be read. */
export type Signatory = Pick<Identity, 'mspId' | 'certificate'>;

export interface ChaincodeEvent {
  readonly contract: string;
  readonly name: string;
  readonly payload: Uint8Array;
}

/** A call of a contract in a transaction: what was asked and what the endorsers answered. */
export interface ContractAction {
  readonly contract: string;
  /** As the contract received them, the function's name first. */
  readonly args: readonly Uint8Array[];
  readonly response: { readonly status: number; readonly message: string; readonly payload: Uint8Array };
  readonly event: ChaincodeEvent | undefined;
  /** For each contract that it reads or writes, itself or by calling another. */
  readonly readWriteSets: readonly ReadWriteSet[];
  readonly endorsers: readonly Signatory[];
}

export interface BlockTransaction {
  readonly index: number;
  readonly transactionId: string;
  readonly channel: string;
  readonly type: 'contract' | 'configuration' | 'other';
  readonly timestamp: Date | undefined;
  readonly creator: Signatory | undefined;
  readonly validationCode: number;
  /** Empty for what is not a call of a contract, and for what the peers could not read either. */
  readonly actions: readonly ContractAction[];
}

/** A transaction as it stands in a block. One that cannot be read is as the peers see it: invalid, by its validation code. */
export function decodeBlockTransaction(bytes: Uint8Array, index: number, validationCode: number): BlockTransaction {
  try {
    const payload = decode(common.Payload, decode(common.Envelope, bytes, 'Envelope').getPayload_asU8(), 'Payload');
    const header = decodeHeader(headerOf(payload));
    const isCall = header.type === common.HeaderType.ENDORSER_TRANSACTION;
    return {
      index,
      validationCode,
      transactionId: header.transactionId,
      channel: header.channel,
      type: isCall ? 'contract' : header.type === common.HeaderType.CONFIG ? 'configuration' : 'other',
      timestamp: header.timestamp,
      creator: header.creator.length === 0 ? undefined : signatory(header.creator),
      actions: isCall ? decode(peer.Transaction, payload.getData_asU8(), 'Transaction').getActionsList().map(decodeAction) : [],
    };
  } catch (error) {
    if (!(error instanceof DecodeError) || validationCode === 0) throw error;
    return { index, validationCode, transactionId: '', channel: '', type: 'other', timestamp: undefined, creator: undefined, actions: [] };
  }
}

function decodeAction(action: peer.TransactionAction): ContractAction {
  const payload = decode(peer.ChaincodeActionPayload, action.getPayload_asU8(), 'ChaincodeActionPayload');
  const proposal = decode(peer.ChaincodeProposalPayload, payload.getChaincodeProposalPayload_asU8(), 'ChaincodeProposalPayload');
  const spec = required(
    decode(peer.ChaincodeInvocationSpec, proposal.getInput_asU8(), 'ChaincodeInvocationSpec').getChaincodeSpec(),
    'call',
  );
  const endorsed = required(payload.getAction(), 'endorsed action');
  const answer = decode(peer.ProposalResponsePayload, endorsed.getProposalResponsePayload_asU8(), 'ProposalResponsePayload');
  const outcome = decode(peer.ChaincodeAction, answer.getExtension_asU8(), 'ChaincodeAction');
  const response = outcome.getResponse();
  return {
    contract: spec.getChaincodeId()?.getName() ?? '',
    args: spec.getInput()?.getArgsList_asU8() ?? [],
    response: {
      status: response?.getStatus() ?? 0,
      message: response?.getMessage() ?? '',
      payload: response?.getPayload_asU8() ?? new Uint8Array(),
    },
    event: decodeChaincodeEvent(outcome.getEvents_asU8()),
    readWriteSets: decodeReadWriteSets(outcome.getResults_asU8()),
    endorsers: endorsed.getEndorsementsList().map((endorsement) => signatory(endorsement.getEndorser_asU8())),
  };
}

export function signatory(bytes: Uint8Array): Signatory {
  const identity = decode(msp.SerializedIdentity, bytes, 'SerializedIdentity');
  return { mspId: identity.getMspid(), certificate: textOf(identity.getIdBytes_asU8()) ?? '' };
}

function decodeChaincodeEvent(bytes: Uint8Array): ChaincodeEvent | undefined {
  if (bytes.length === 0) return undefined;
  const event = decode(peer.ChaincodeEvent, bytes, 'ChaincodeEvent');
  return { contract: event.getChaincodeId(), name: event.getEventName(), payload: event.getPayload_asU8() };
}
