import { common, orderer } from '@hyperledger/fabric-protos';
import { FabricError, SubmitError, type FabricErrorCode, type NodeFailure } from '../errors.ts';
import { decode } from '../protobuf.ts';
import type { CallOptions, Connections, NodeEndpoint } from '../transport/index.ts';
import { bftQuorum } from './quorum.ts';

const BROADCAST = '/orderer.AtomicBroadcast/Broadcast';
const DEFAULT_TIMEOUT_MS = 5_000;

export interface Orderers {
  readonly ordering: 'raft' | 'bft';
  /** Raft: tried in this order. BFT: all of the channel's orderers. */
  readonly nodes: readonly NodeEndpoint[];
}

/**
 * Hands an envelope to the orderers. Resolving means accepted, **not committed**: an accepted transaction is lost when the leader dies. `timeoutMs` is for
 * each orderer (default 5 s).
 *
 * Raft: one orderer that accepts is enough; an unavailable one (down, or without a leader) is passed over, a refusal is final.
 * BFT: each orderer gets it, a quorum must accept; "request already exists" counts, since orderers forward to one another (as Fabric's gateway does).
 *
 * @throws {SubmitError} ORDERERS_UNAVAILABLE, SUBMIT_REFUSED, CONFIG_CONFLICT, ACCESS_DENIED, OVERLOADED; `nodes` tells what each said
 */
export async function broadcast(
  connections: Connections,
  orderers: Orderers,
  envelope: common.Envelope,
  options: CallOptions = {},
): Promise<void> {
  const bytes = envelope.serializeBinary();
  const limits = { timeoutMs: DEFAULT_TIMEOUT_MS, ...options };
  const send = (node: NodeEndpoint): Promise<Outcome> => sendTo(connections, node, bytes, limits);
  if (orderers.nodes.length === 0) throw new SubmitError('ORDERERS_UNAVAILABLE', 'The channel has no orderer that is known.');
  return orderers.ordering === 'raft' ? firstAccepting(orderers.nodes, send, options.signal) : quorumAccepting(orderers.nodes, send);
}

type Outcome =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly final: boolean; readonly code: FabricErrorCode; readonly failure: NodeFailure };
type Failed = Extract<Outcome, { accepted: false }>;

async function firstAccepting(
  nodes: readonly NodeEndpoint[],
  send: (node: NodeEndpoint) => Promise<Outcome>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failures: Failed[] = [];
  for (const node of nodes) {
    const outcome = await send(node);
    if (outcome.accepted) return;
    failures.push(outcome);
    if (outcome.final || signal?.aborted) break;
  }
  throw submitError(failures);
}

async function quorumAccepting(nodes: readonly NodeEndpoint[], send: (node: NodeEndpoint) => Promise<Outcome>): Promise<void> {
  const needed = bftQuorum(nodes.length);
  const failures: Failed[] = [];
  let accepted = 0;
  return new Promise((resolve, reject) => {
    const count = (outcome: Outcome): void => {
      if (outcome.accepted) accepted++;
      else failures.push(outcome);
      if (accepted >= needed) resolve();
      else if (nodes.length - failures.length < needed) reject(submitError(failures));
    };
    for (const node of nodes) send(node).then(count, reject);
  });
}

async function sendTo(connections: Connections, node: NodeEndpoint, bytes: Uint8Array, options: CallOptions): Promise<Outcome> {
  const failed = (code: FabricErrorCode, final: boolean, message: string, status?: number | string): Failed => ({
    accepted: false,
    final,
    code,
    failure: {
      address: node.address,
      message,
      ...(node.mspId === undefined ? {} : { mspId: node.mspId }),
      ...(status === undefined ? {} : { status }),
    },
  });
  try {
    const call = connections.duplex(node, BROADCAST, options);
    call.write(bytes);
    for await (const answer of call) {
      const response = decode(orderer.BroadcastResponse, answer, 'BroadcastResponse');
      const status = response.getStatus();
      const info = response.getInfo();
      if (status === common.Status.SUCCESS || info.endsWith('request already exists')) return { accepted: true };
      if (status === common.Status.SERVICE_UNAVAILABLE) return failed('ORDERERS_UNAVAILABLE', false, info, status);
      return failed(refusalCode(status, info), true, info, status);
    }
    return failed('ORDERERS_UNAVAILABLE', false, 'the orderer ended the stream without an answer');
  } catch (error) {
    if (!(error instanceof FabricError)) throw error;
    return failed(
      error.code === 'CANCELLED' ? 'CANCELLED' : 'ORDERERS_UNAVAILABLE',
      error.code === 'CANCELLED',
      error.nodes[0]?.message ?? error.message,
      error.nodes[0]?.status,
    );
  }
}

function refusalCode(status: number, info: string): FabricErrorCode {
  // common/configtx/update.go: verifyReadSet and verifyDeltaSet.
  if (/(be at|has) version|attempt to set key .* to version/.test(info)) return 'CONFIG_CONFLICT';
  if (status === common.Status.FORBIDDEN) return 'ACCESS_DENIED';
  return 'SUBMIT_REFUSED';
}

function submitError(failures: readonly Failed[]): SubmitError {
  const decisive = failures.find(({ final }) => final) ?? failures[0];
  const said = failures.map(({ failure }) => `${failure.address}: ${failure.message}`).join('; ');
  return new SubmitError(decisive?.code ?? 'ORDERERS_UNAVAILABLE', `The orderers did not accept the transaction: ${said}`, {
    nodes: failures.map(({ failure }) => failure),
  });
}
