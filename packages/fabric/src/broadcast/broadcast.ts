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
 * Raft: one orderer that accepts is enough; an unavailable one (down, without a leader, not in the channel) is passed over, a refusal is final.
 * BFT: each orderer gets it, a quorum must accept; "request already exists" counts, since orderers forward to one another (as Fabric's gateway does).
 *
 * @throws {SubmitError} ORDERERS_UNAVAILABLE, CHANNEL_NOT_FOUND, SUBMIT_REFUSED, CONFIG_CONFLICT, ACCESS_DENIED, CANCELLED; `nodes` tells what each said,
 * `maybeTaken` whether it may be ordered nevertheless
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
  | {
      readonly accepted: false;
      /** No other orderer would answer otherwise. */
      readonly final: boolean;
      readonly maybeTaken: boolean;
      readonly code: FabricErrorCode;
      readonly failure: NodeFailure;
    };
type Failed = Extract<Outcome, { accepted: false }>;
type Verdict = Pick<Failed, 'final' | 'maybeTaken' | 'code'>;

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
      else if (nodes.length - failures.length < needed) reject(submitError(failures, accepted > 0));
    };
    for (const node of nodes) send(node).then(count, reject);
  });
}

async function sendTo(connections: Connections, node: NodeEndpoint, bytes: Uint8Array, options: CallOptions): Promise<Outcome> {
  const failed = (verdict: Verdict, message: string, status?: number | string): Failed => ({
    accepted: false,
    ...verdict,
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
      return failed(verdictOf(status, info), info, status);
    }
    return failed(BROKEN_OFF, 'the orderer ended the stream without an answer');
  } catch (error) {
    if (!(error instanceof FabricError)) throw error;
    const message = error.nodes[0]?.message ?? error.message;
    return failed(verdictOfBreak(error.code, message), message, error.nodes[0]?.status);
  }
}

const PASSED_OVER: Verdict = { code: 'ORDERERS_UNAVAILABLE', final: false, maybeTaken: false };
const BROKEN_OFF: Verdict = { ...PASSED_OVER, maybeTaken: true };

/** Said before the orderer does anything with a message (orderer/consensus/etcdraft/chain.go, msgprocessor/maintenancefilter.go). */
const NOT_TAKEN = /no Raft leader|not started|maintenance/i;

/** What orderer/common/broadcast/broadcast.go answers. An orderer that fails to hand the message on to the leader may have handed it on. */
function verdictOf(status: number, info: string): Verdict {
  if (status === common.Status.SERVICE_UNAVAILABLE) return NOT_TAKEN.test(info) ? PASSED_OVER : BROKEN_OFF;
  // BAD_REQUEST since 3.0. Another orderer may be in the channel.
  if (status === common.Status.NOT_FOUND || info === 'channel does not exist') return { ...PASSED_OVER, code: 'CHANNEL_NOT_FOUND' };
  return { code: refusalCode(status, info), final: true, maybeTaken: false };
}

/** What grpc-js says when there was no connection that the message could have gone out on. */
const NEVER_SENT = /^No connection established|^Name resolution failed|^Channel closed before call started/;

function verdictOfBreak(code: FabricErrorCode, message: string): Verdict {
  if (code === 'CANCELLED') return { code, final: true, maybeTaken: true };
  if (code === 'MESSAGE_TOO_LARGE') return { code, final: true, maybeTaken: false };
  return code === 'TLS_REFUSED' || NEVER_SENT.test(message) ? PASSED_OVER : BROKEN_OFF;
}

function refusalCode(status: number, info: string): FabricErrorCode {
  // common/configtx/update.go: verifyReadSet and verifyDeltaSet.
  if (/(be at|has) version|attempt to set key .* to version/.test(info)) return 'CONFIG_CONFLICT';
  if (status === common.Status.FORBIDDEN) return 'ACCESS_DENIED';
  return 'SUBMIT_REFUSED';
}

function submitError(failures: readonly Failed[], someAccepted = false): SubmitError {
  const decisive = failures.find(({ final }) => final) ?? failures.find(({ code }) => code === PASSED_OVER.code) ?? failures[0];
  const said = failures.map(({ failure }) => `${failure.address}: ${failure.message}`).join('; ');
  return new SubmitError(decisive?.code ?? 'ORDERERS_UNAVAILABLE', `The orderers did not accept the transaction: ${said}`, {
    nodes: failures.map(({ failure }) => failure),
    maybeTaken: someAccepted || failures.some(({ maybeTaken }) => maybeTaken),
  });
}
