import {
  buildTransaction,
  endorse,
  EndorseError,
  FabricError,
  randomNonce,
  signProposal,
  type CallOptions,
  type Connections,
  type ContractCall,
  type Endorsed,
  type FabricErrorCode,
  type NodeEndpoint,
  type Signer,
  type UnsignedTransaction,
} from '@guildhall/fabric';
import { sleep, type Clock } from '@guildhall/kubernetes';
import type { ChannelView } from '../directory/channel-view.ts';
import { chooseEndorsers } from './choose-endorsers.ts';
import type { Heights } from './heights.ts';
import { createPatience, mayReturn } from './patience.ts';
import type { SilentPeers } from './silent-peers.ts';

export interface EndorsementRequest {
  readonly call: ContractCall;
  readonly signer: Signer;
  readonly view: ChannelView;
  readonly member: string;
  readonly endorsingMembers?: readonly string[] | undefined;
  /** For each peer: one that hangs must not use up the whole call. */
  readonly peerTimeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EndorsedTransaction extends UnsignedTransaction {
  /** MSP ids. */
  readonly endorsers: readonly string[];
}

/** The peer, not the call, is at fault: another one may do. */
const ANOTHER_PEER: readonly FabricErrorCode[] = [
  'UNREACHABLE',
  'TLS_REFUSED',
  'DEADLINE_EXCEEDED',
  'CONTRACT_UNREACHABLE',
  'CHANNEL_NOT_FOUND',
  'PROPOSAL_REFUSED',
  'OVERLOADED',
  'UNEXPECTED_ANSWER',
];
/** How often peers that disagree are asked again, and the pause before: they may be one block apart. */
const DISAGREEMENT_PAUSES_MS = [50, 100, 200, 400];
const CATCH_UP_MS = 3_000;

export interface EndorserPorts {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly heights: Heights;
  readonly silent: SilentPeers;
}

/**
 * Asks the members' peers directly. A peer that does not answer is replaced by the next that the policy allows; when there
 * is none, one that refuses connections is waited for: it may just be started again. Peers that refuse or answer differently are
 * asked again when they are behind, or when not all say the same: they may stand at different blocks.
 */
export function createEndorser({
  connections,
  clock,
  heights,
  silent,
}: EndorserPorts): (request: EndorsementRequest) => Promise<EndorsedTransaction> {
  async function askAll(peers: readonly NodeEndpoint[], signed: Parameters<typeof endorse>[2], limits: CallOptions): Promise<Answers> {
    const outcomes = await Promise.allSettled(peers.map((node) => endorse(connections, node, signed, limits)));
    const answers = sortOutcomes(peers, outcomes);
    for (const { address } of answers.endorsed) silent.ended(address);
    for (const { node, error } of answers.failed) silent.ended(node.address, error.code);
    return answers;
  }

  /** Whether a peer was behind what this gateway has told of, and none is any more. */
  async function caughtUp({ view, signer, signal }: EndorsementRequest, peers: readonly NodeEndpoint[]): Promise<boolean> {
    try {
      const current = await Promise.all(peers.map((node) => heights.hasAll(view, node, signer, signal)));
      if (!current.includes(false)) return false;
      const later = await Promise.all(peers.map((node) => heights.caughtUp(view, node, signer, signal, CATCH_UP_MS)));
      return !later.includes(false);
    } catch (error) {
      // A peer that does not say how far it is leaves what was said as it was: that is the better answer.
      if (error instanceof FabricError) return false;
      throw error;
    }
  }

  return async (request) => {
    const { call, signer, view, signal } = request;
    const down = new Map<string, FabricErrorCode>();
    const returning = createPatience(clock, request.peerTimeoutMs, signal);
    for (let disagreements = 0; ;) {
      const peers = chooseEndorsers({ ...request, view: { ...view, unwell: new Set([...view.unwell, ...silent.all()]) }, down: new Set(down.keys()) });
      const proposal = await signProposal(call, signer, { nonce: randomNonce(), timestamp: new Date(clock.now()) });
      const answers = await askAll(peers, proposal.signed, { timeoutMs: request.peerTimeoutMs, signal });
      const faulty = answers.failed.filter(({ error }) => ANOTHER_PEER.includes(error.code));
      if (faulty.length > 0) {
        for (const { node, error } of faulty) down.set(node.address, error.code);
        const alone = whyAlone(request, new Set(down.keys()), faulty);
        if (alone === undefined) continue;
        if (!(await returning([...down.values()]))) throw alone;
        for (const [address, code] of down) if (mayReturn(code)) down.delete(address);
        continue;
      }
      try {
        return agreed(proposal.bytes, answers);
      } catch (error) {
        if (!isDisagreement(error)) throw error;
        if (await caughtUp(request, peers)) continue;
        const pause = DISAGREEMENT_PAUSES_MS[disagreements++];
        const unanimous = error.code === 'CONTRACT_REFUSED' && answers.endorsed.length === 0;
        if (unanimous || pause === undefined) throw error;
        await sleep(clock, pause, signal);
      }
    }
  };
}

const isDisagreement = (error: unknown): error is EndorseError =>
  error instanceof EndorseError && (error.code === 'CONTRACT_REFUSED' || error.code === 'ENDORSEMENT_MISMATCH');

function agreed(proposal: Uint8Array, { endorsed, failed }: Answers): EndorsedTransaction {
  const [refused] = failed;
  if (refused) throw refused.error;
  return { ...buildTransaction(proposal, endorsed), endorsers: endorsed.map(({ mspId }) => mspId) };
}

interface Answers {
  readonly endorsed: readonly Endorsed[];
  readonly failed: readonly Failed[];
}

interface Failed {
  readonly node: NodeEndpoint;
  readonly error: FabricError;
}

function sortOutcomes(peers: readonly NodeEndpoint[], outcomes: readonly PromiseSettledResult<Endorsed>[]): Answers {
  const endorsed: Endorsed[] = [];
  const failed: Failed[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const node = peers[index];
    if (outcome.status === 'fulfilled') endorsed.push(outcome.value);
    else if (node && outcome.reason instanceof FabricError) failed.push({ node, error: outcome.reason });
    else throw outcome.reason;
  }
  return { endorsed, failed };
}

/** When nobody else can be asked, what the peers said is the better answer than that the policy cannot be satisfied. */
function whyAlone(request: EndorsementRequest, down: ReadonlySet<string>, faulty: readonly Failed[]): EndorseError | undefined {
  try {
    chooseEndorsers({ ...request, down });
    return undefined;
  } catch (error) {
    const [first] = faulty;
    return new EndorseError(
      faulty.every((failure) => failure.error.code === 'OVERLOADED') ? 'OVERLOADED' : 'NOT_ENOUGH_ENDORSEMENTS',
      `${error instanceof Error ? error.message : String(error)} ${faulty.map((failure) => failure.error.message).join(' ')}`,
      {
        nodes: faulty.flatMap((failure) => failure.error.nodes),
        ...(first ? { nextAction: first.error.nextAction } : {}),
        cause: error,
      },
    );
  }
}
