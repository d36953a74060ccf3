import type { CommittedDefinition, ContractDefinition, NodeEndpoint, Signer } from '@guildhall/fabric';
import { buildProposal } from '@guildhall/fabric';
import type { Channel, Consortium, Contract, Member } from '@guildhall/resources';
import { joinedPeers, ordererRoute } from '../channel/route.ts';
import type { OperatorContext } from '../context.ts';
import { waiting, type Outcome } from '../outcome.ts';

/** A peer of one member through which the operator reads in that member's name. */
export interface Window {
  member: string;
  peer: NodeEndpoint;
  reader: Signer;
}

/** One peer for each member that has one in the channel. */
export function windowsOf(context: OperatorContext, channel: Channel, members: readonly { member: Member; peers: readonly string[] }[]): Window[] {
  return members.flatMap(({ member, peers }) => {
    const reader = context.clients.reader(member);
    const [peer] = joinedPeers(context, channel.metadata.name, member, peers);
    return reader === undefined || peer === undefined ? [] : [{ member: member.metadata.name, peer: peer.endpoint, reader }];
  });
}

/** What all of them have committed; they must agree, or one is just behind. */
export async function readCommitted({ fabric }: OperatorContext, windows: readonly Window[], { metadata, spec }: Contract, signal: AbortSignal): Promise<{ committed: CommittedDefinition | undefined } | { outcome: Outcome }> {
  const found = await Promise.all(windows.map(({ peer, reader }) => fabric.channels.committed(peer, reader, spec.channel, metadata.name, signal)));
  const sequences = new Set(found.map((definition) => definition?.definition.sequence));
  if (sequences.size > 1) return { outcome: waiting('BehindOthers', 'The members’ peers do not all have the same definition yet.', 50) };
  return { committed: found[0] };
}

export interface Commit {
  contract: Contract;
  channel: Channel;
  consortium: Consortium;
  definition: ContractDefinition;
  /** Of each member whose approval counts. */
  endorsers: readonly Window[];
  now: number;
  signal: AbortSignal;
}

/** Any client of the channel may commit what enough members approved. */
export async function commitDefinition(context: OperatorContext, { channel, consortium, definition, endorsers, now, signal }: Commit): Promise<void> {
  const [submitter] = endorsers;
  if (submitter === undefined) throw new Error('a commit has at least one endorser');
  const { reader, peer } = submitter;
  const call = { kind: 'CommitChaincodeDefinition' as const, channel: channel.metadata.name, definition };
  const { bytes } = buildProposal(call, { creator: reader.identity, nonce: context.nonce(), timestamp: new Date(now) });
  const transaction = await context.fabric.channels.endorse(endorsers.map((window) => window.peer), { bytes, signature: await reader.sign(bytes) }, signal);
  const signed = { bytes: transaction.bytes, signature: await reader.sign(transaction.bytes), fresh: true };
  await context.fabric.channels.submit({ orderers: ordererRoute(context, channel, consortium), peer, reader }, signed, signal);
}
