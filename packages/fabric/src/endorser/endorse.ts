import { peer } from '@hyperledger/fabric-protos';
import { ConnectError, EndorseError, type FabricErrorCode } from '../errors.ts';
import { randomNonce, type Signer } from '../identity/index.ts';
import { signProposal, type Call, type Endorsed } from '../proposal/index.ts';
import { decode } from '../protobuf.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';

const PROCESS_PROPOSAL = '/protos.Endorser/ProcessProposal';

/**
 * What a peer's words mean; gRPC and the response status (500 for everything) do not tell. Sources: core/endorser/endorser.go, core/scc/cscc,
 * core/chaincode/{chaincode_support,lifecycle/lifecycle}.go. The first that fits counts; what fits none is the contract's own message.
 */
const MEANINGS: readonly { readonly words: RegExp; readonly code: FabricErrorCode }[] = [
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
  const response = decode(peer.ProposalResponse, bytes, 'ProposalResponse');
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

/** Refused before anything ran: the peer says why in the details of gRPC status UNKNOWN. */
function refusedByGrpc(node: NodeEndpoint, error: unknown): unknown {
  if (!(error instanceof ConnectError) || error.code !== 'UNEXPECTED_ANSWER') return error;
  const [failure] = error.nodes;
  return endorseError(node, failure?.message ?? error.message, failure?.status ?? 'UNKNOWN', 'PROPOSAL_REFUSED');
}

function endorseError(
  node: NodeEndpoint,
  message: string,
  status: number | string,
  otherwise: FabricErrorCode = 'CONTRACT_REFUSED',
): EndorseError {
  const code = MEANINGS.find(({ words }) => words.test(message))?.code ?? otherwise;
  const who = node.mspId === undefined ? node.address : `${node.mspId} (${node.address})`;
  return new EndorseError(code, `${who} refused: ${message}`, {
    nodes: [{ address: node.address, message, status, ...(node.mspId === undefined ? {} : { mspId: node.mspId }) }],
  });
}
