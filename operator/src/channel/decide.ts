import { quorumOf } from '@guildhall/resources';
import { ready, waiting, type Outcome, type Problem } from '../outcome.ts';
import type { Party } from './gather.ts';

export interface ConsenterView {
  member: string;
  node: string;
  /** It takes part in the channel, now or when it was last heard. */
  joined: boolean;
  /** It runs, answers and is active in the channel. */
  active: boolean;
  leads: boolean;
  height: number | undefined;
  /** Why it is not active. */
  why: string;
}

export interface PeerView {
  member: string;
  node: string;
  joined: boolean;
  answers: boolean;
  height: number | undefined;
  level: boolean;
}

export interface ChannelObserved {
  parties: readonly Pick<Party, 'name' | 'consent'>[];
  genesis: 'missing' | 'made';
  consenters: readonly ConsenterView[];
  peers: readonly PeerView[];
  /** The ledgers that the peers showed when asked: undefined when nobody has asked since something changed. */
  proof: LedgerProof | undefined;
}

export type LedgerProof = { verdict: 'same' } | { verdict: 'apart' | 'forked'; message: string };

export type ChannelDecision = { kind: 'done'; outcome: Outcome } | { kind: 'prove' };

const end = (outcome: Outcome): ChannelDecision => ({ kind: 'done', outcome });

/** How the channel stands, given that its spec is sound. */
export function decideChannel(observed: ChannelObserved): ChannelDecision {
  const { parties, genesis, proof } = observed;
  const silent = parties.filter(({ consent }) => consent !== 'given');
  if (genesis === 'missing' && silent.length > 0) {
    const names = silent.map(({ name, consent }) => (consent === 'outdated' ? `${name} (it consented to another version)` : name));
    return end(waiting('WaitingForConsent', `Waiting for the consent of ${names.join(', ')}.`));
  }
  if (genesis === 'missing') return end(waiting('WaitingForGenesis', 'The first block is being made.'));
  const trouble = orderingTrouble(observed) ?? peerTrouble(observed);
  if (trouble !== undefined) return end(trouble);
  if (proof === undefined) return { kind: 'prove' };
  if (proof.verdict === 'apart') return end(waiting('BehindOthers', proof.message, 250));
  if (proof.verdict === 'forked') return end({ ...waiting('LedgersDiffer', proof.message, 5_000), degraded: { reason: 'LedgersDiffer', message: proof.message } });
  return end(ready(readyMessage(observed)));
}

const names = (items: readonly { member: string; node: string }[]): string => items.map(({ member, node }) => `${member}/${node}`).join(', ');
const be = (count: number): string => (count === 1 ? 'is' : 'are');

function orderingTrouble({ consenters }: ChannelObserved): Outcome | undefined {
  const total = consenters.length;
  const outside = consenters.filter(({ joined }) => !joined);
  const down = consenters.filter(({ joined, active }) => joined && !active);
  const up = total - outside.length - down.length;
  const needed = quorumOf(total);
  if (down.length > 0) {
    const facts = `${down.length} of ${total} orderers ${be(down.length)} down (${down.map(({ member, node, why }) => `${member}/${node}: ${why}`).join('; ')}).`;
    const quorum: Problem =
      up < needed
        ? { reason: 'QuorumLost', message: `${facts} Ordering needs ${needed} of ${total} and has ${up}: no transaction is accepted until ${needed - up} more ${be(needed - up)} up.` }
        : { reason: 'Unhealthy', message: `${facts} Ordering goes on with ${up}; it needs ${needed}, so ${up === needed ? 'no other may fail' : `${up - needed} more may fail`}.` };
    return { ...waiting(quorum.reason, quorum.message), degraded: quorum };
  }
  if (outside.length > 0) return waiting('WaitingForJoin', `Waiting for ${outside.length} of ${total} orderers to join: ${names(outside)}.`);
  if (!consenters.some(({ leads }) => leads)) return waiting('WaitingForLeader', `The ${total} orderers have not elected a leader yet.`);
  return undefined;
}

function peerTrouble({ peers }: ChannelObserved): Outcome | undefined {
  const outside = peers.filter(({ joined }) => !joined);
  if (outside.length > 0) return waiting('WaitingForJoin', `Waiting for ${outside.length} of ${peers.length} peers to join: ${names(outside)}.`);
  const silent = peers.filter(({ answers }) => !answers);
  if (silent.length > 0) {
    const problem: Problem = { reason: 'Unreachable', message: `${silent.length} of ${peers.length} peers ${be(silent.length)} down: ${names(silent)}. Their members cannot endorse or read; ordering goes on.` };
    return { ...waiting(problem.reason, problem.message), degraded: problem };
  }
  const behind = peers.filter(({ level }) => !level);
  if (behind.length > 0) {
    const heights = behind.map(({ member, node, height }) => `${member}/${node} at block ${height ?? 0}`).join(', ');
    const problem: Problem = { reason: 'BehindOthers', message: `${behind.length} of ${peers.length} peers ${be(behind.length)} behind: ${heights}.` };
    return { ...waiting(problem.reason, problem.message, 1000), degraded: problem };
  }
  return undefined;
}

const readyMessage = ({ consenters, peers }: ChannelObserved): string =>
  `${consenters.length} orderers with a leader and ${peers.length} peers are in the channel and hold the same ledger.`;
