import { peer } from '@hyperledger/fabric-protos';
import { ConnectError, DecodeError, EndorseError, type FabricErrorCode } from '../errors.ts';
import { randomNonce, type Signer } from '../identity/index.ts';
import { signProposal, type Call, type Endorsed } from '../proposal/index.ts';
import { decode } from '../protobuf.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';

const PROCESS_PROPOSAL = '/protos.Endorser/ProcessProposal';

/**
 * What a peer's words mean; gRPC and the response status (500 for everything) do not tell. Sources: internal/peer/node/grpc_limiters.go,
 * core/endorser/endorser.go, core/scc/cscc, core/chaincode/{chaincode_support,lifecycle/lifecycle}.go. The first that fits counts; what fits none is the contract's own message.
 */
const MEANINGS: readonly { readonly words: RegExp; readonly code: FabricErrorCode }[] = [
  { words: /^too many requests for .* exceeding concurrency limit/, code: 'OVERLOADED' },
  { words: /access denied|failed ACL check/, code: 'ACCESS_DENIED' },
  { words: /^channel '.*' not found/, code: 'CHANNEL_NOT_FOUND' },
  { words: /ledger \[.*\] already exists/, code: 'CHANNEL_EXISTS' },
  { words: /^error in simulation: failed to execute transaction/, code: 'CONTRACT_UNREACHABLE' },
  { words: /^error in simulation: transaction returned with failure/, code: 'CONTRACT_REFUSED' },
  {
    words:
      /^make sure the chaincode .* has been successfully defined|^error validating proposal|^duplicate transaction found|^error in simulation/,
    code: 'PROPOSAL_REFUSED',
  },
];

/**
 * Sends a signed proposal to one peer. A peer answers with gRPC's OK even when the call failed, so the status inside the answer is what counts:
 * any that is not good is an EndorseError whose `nodes[0].message` is what the peer or the contract said. Default time limit 30 s, as the peer's own.
 */
export async function endorse(
  connections: Connections,
  node: NodeEndpoint,
  signed: peer.SignedProposal,
  options?: CallOptions,
): Promise<Endorsed> {
  const bytes = await connections.unary(node, PROCESS_PROPOSAL, signed.serializeBinary(), options).catch((error: unknown) => {
    throw refusedByGrpc(node, error);
  });
  const response = decodeFrom(node, bytes);
  const status = response.getResponse()?.getStatus() ?? 0;
  if (status < 200 || status >= 400) throw endorseError(node, response.getResponse()?.getMessage() ?? '', status);
  return { address: node.address, mspId: node.mspId ?? '', response };
}

/** Signs a call and asks one peer; gives what the contract returned. Nothing reaches the ledger. */
export async function query(
  connections: Connections,
  node: NodeEndpoint,
  signer: Signer,
  call: Call,
  options?: CallOptions,
): Promise<Uint8Array> {
  const { signed } = await signProposal(call, signer, { nonce: randomNonce(), timestamp: new Date() });
  return resultOf(await endorse(connections, node, signed, options));
}

/** What the contract returned. */
export const resultOf = ({ response }: Endorsed): Uint8Array => response.getResponse()?.getPayload_asU8() ?? new Uint8Array();

function decodeFrom(node: NodeEndpoint, bytes: Uint8Array): peer.ProposalResponse {
  try {
    return decode(peer.ProposalResponse, bytes, 'ProposalResponse');
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw failure('UNEXPECTED_ANSWER', node, `${nameOf(node)} gave an answer that cannot be read: ${cause.message}`, cause.message, undefined, cause);
  }
}

/** Refused before anything ran: the peer says why in the details of gRPC status UNKNOWN. */
function refusedByGrpc(node: NodeEndpoint, error: unknown): unknown {
  if (!(error instanceof ConnectError) || error.code !== 'UNEXPECTED_ANSWER') return error;
  const [said] = error.nodes;
  return endorseError(node, said?.message ?? error.message, said?.status ?? 'UNKNOWN', 'PROPOSAL_REFUSED');
}

function endorseError(
  node: NodeEndpoint,
  message: string,
  status: number | string,
  otherwise: FabricErrorCode = 'CONTRACT_REFUSED',
): EndorseError {
  const code = MEANINGS.find(({ words }) => words.test(message))?.code ?? otherwise;
  return failure(code, node, `${nameOf(node)} refused: ${message}`, message, status);
}

const nameOf = ({ mspId, address }: NodeEndpoint): string => (mspId === undefined ? address : `${mspId} (${address})`);

function failure(
  code: FabricErrorCode,
  node: NodeEndpoint,
  sentence: string,
  message: string,
  status: number | string | undefined,
  cause?: unknown,
): EndorseError {
  const said = {
    address: node.address,
    message,
    ...(status === undefined ? {} : { status }),
    ...(node.mspId === undefined ? {} : { mspId: node.mspId }),
  };
  return new EndorseError(code, sentence, { nodes: [said], cause });
}
