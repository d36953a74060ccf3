import { common, peer } from '@hyperledger/fabric-protos';
import { DecodeError } from '../errors.ts';
import { type Identity, type Signer, parseIdentity, transactionId } from '../identity/index.ts';
import { decode, decodeExact, required } from '../protobuf.ts';
import { contractOf, decodeCall, encodeArguments } from './arguments.ts';
import { type Call, channelOf } from './call.ts';
import { type MessageContext, buildHeader, decodeHeader } from './header.ts';

/** The unsigned half: `bytes` is what is signed and what the peer receives. */
export interface UnsignedProposal {
  readonly bytes: Uint8Array;
  readonly transactionId: string;
  readonly channel: string;
  readonly contract: string;
}

/** peer.Proposal for any call; the same inputs give the same bytes. */
export function buildProposal(call: Call, context: MessageContext): UnsignedProposal {
  const chaincodeId = new peer.ChaincodeID();
  chaincodeId.setName(contractOf(call));
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(chaincodeId);
  const { header, transactionId } = buildHeader(
    { type: common.HeaderType.ENDORSER_TRANSACTION, channel: channelOf(call), extension: extension.serializeBinary() },
    context,
  );

  const input = new peer.ChaincodeInput();
  input.setArgsList([...encodeArguments(call)]);
  if (call.kind === 'Invoke' && call.isInit === true) input.setIsInit(true);
  const spec = new peer.ChaincodeSpec();
  spec.setChaincodeId(chaincodeId);
  spec.setInput(input);
  const invocation = new peer.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(invocation.serializeBinary());
  if (call.kind === 'Invoke') {
    for (const [key, value] of Object.entries(call.transient ?? {})) payload.getTransientmapMap().set(key, value);
  }

  const proposal = new peer.Proposal();
  proposal.setHeader(header.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  return { bytes: proposal.serializeBinary(), transactionId, channel: channelOf(call), contract: contractOf(call) };
}

/** Joins the two halves: the proposal's bytes and the creator's signature over exactly them. */
export function joinProposal(bytes: Uint8Array, signature: Uint8Array): peer.SignedProposal {
  const signed = new peer.SignedProposal();
  signed.setProposalBytes(bytes);
  signed.setSignature(signature);
  return signed;
}

/** Both halves at once, for a signer at hand. */
export async function signProposal(
  call: Call,
  signer: Signer,
  fresh: { nonce: Uint8Array; timestamp: Date },
): Promise<UnsignedProposal & { signed: peer.SignedProposal }> {
  const unsigned = buildProposal(call, { creator: signer.identity, ...fresh });
  return { ...unsigned, signed: joinProposal(unsigned.bytes, await signer.sign(unsigned.bytes)) };
}

export interface DecodedProposal {
  readonly call: Call;
  readonly creator: Identity;
  readonly transactionId: string;
  readonly nonce: Uint8Array;
  readonly timestamp: Date;
}

/**
 * What signing these proposal bytes would mean. Refuses every byte sequence that `buildProposal` could not have made, so
 * that the peer reads the same as the signer.
 */
export function decodeProposal(bytes: Uint8Array): DecodedProposal {
  const proposal = decodeExact(peer.Proposal, bytes, 'Proposal');
  if (proposal.getExtension_asU8().length > 0)
    throw new DecodeError('MALFORMED_MESSAGE', 'The proposal has an extension, which Guildhall never sets.');
  const header = decodeExact(common.Header, proposal.getHeader_asU8(), 'Header');
  return decodeInvocation(header, proposal.getPayload_asU8(), decodeExact);
}

/** Header and ChaincodeProposalPayload, of a proposal or of the transaction made from it. */
export function decodeInvocation(header: common.Header, payload: Uint8Array, read: typeof decode): DecodedProposal {
  const { type, channel, transactionId: id, timestamp, creator, nonce, extension } = decodeHeader(header, read);
  if (type !== common.HeaderType.ENDORSER_TRANSACTION)
    throw new DecodeError(
      'MALFORMED_MESSAGE',
      `The header has type ${type} instead of ${common.HeaderType.ENDORSER_TRANSACTION} (a call of a contract).`,
    );
  if (id !== transactionId(nonce, creator))
    throw new DecodeError('MALFORMED_MESSAGE', `The transaction id ${id} does not follow from creator and nonce.`);

  const body = read(peer.ChaincodeProposalPayload, payload, 'ChaincodeProposalPayload');
  const spec = required(read(peer.ChaincodeInvocationSpec, body.getInput_asU8(), 'ChaincodeInvocationSpec').getChaincodeSpec(), 'call');
  const contract = contractName(
    spec.getChaincodeId(),
    read(peer.ChaincodeHeaderExtension, extension, 'ChaincodeHeaderExtension').getChaincodeId(),
  );
  const input = required(spec.getInput(), 'call input');
  const call = decodeCall(
    {
      channel,
      contract,
      args: input.getArgsList_asU8(),
      transient: Object.fromEntries(
        body
          .getTransientmapMap()
          .toObject()
          .map(([key, value]) => [key, typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value]),
      ),
      isInit: input.getIsInit(),
    },
    read,
  );
  return { call, creator: parseIdentity(creator), transactionId: id, nonce, timestamp: required(timestamp, 'timestamp') };
}

/** The peer runs the contract named in the header; the name in the call must not say another. */
function contractName(called: peer.ChaincodeID | undefined, named: peer.ChaincodeID | undefined): string {
  const name = required(named, 'contract name in the header').getName();
  if (name === '' || called?.getName() !== name)
    throw new DecodeError('MALFORMED_MESSAGE', `The header names the contract "${name}", the call "${called?.getName() ?? ''}".`);
  return name;
}
