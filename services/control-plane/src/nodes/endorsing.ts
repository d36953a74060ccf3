import { isSatisfiableBy, parsePolicy, policyInWords, resolveImplicitMeta, signedByRole, type SignatureRule } from '@guildhall/fabric/policy';
import type { ChannelPeer, MemberChannel } from './node-facts.ts';

/** Something on a channel that needs peers' signatures. */
export interface EndorsedThing {
  /** As in "a transaction of receivable". */
  what: string;
  policy: string;
}

/** What the channel's policies and those of its contracts ask peers for. */
export const endorsedOn = ({ channel, contracts }: Pick<MemberChannel, 'channel' | 'contracts'>): EndorsedThing[] => [
  ...contracts.map(({ contract }) => ({ what: `a transaction of ${contract.metadata.name}`, policy: contract.spec.endorsementPolicy || channel.spec.policies.endorsement })),
  { what: 'a change of its contracts', policy: channel.spec.policies.lifecycleEndorsement },
];

/** Whether these peers can give what the policy asks for. One that is none came by another way than the API; its controller says so. */
export function canGive(policy: string, members: readonly ChannelPeer[], peers: readonly ChannelPeer[]): boolean {
  const rule = ruleOf(policy, members);
  return rule === undefined || isSatisfiableBy(rule, peers.filter(({ endorses }) => endorses).map(({ mspId }) => mspId));
}

/** @param members one peer at least of each member that endorses: an implicit policy counts members, also such without a peer */
function ruleOf(text: string, members: readonly ChannelPeer[]): SignatureRule | undefined {
  try {
    const policy = parsePolicy(text);
    const mspIds = [...new Set(members.filter(({ endorses }) => endorses).map(({ mspId }) => mspId))];
    return policy.kind === 'signature' ? policy.rule : resolveImplicitMeta(policy, mspIds.map((mspId) => signedByRole(mspId, 'peer')));
  } catch {
    return undefined;
  }
}

export function inWords(policy: string): string {
  try {
    return policyInWords(parsePolicy(policy));
  } catch {
    return `"${policy}"`;
  }
}

/** What nobody could have any more if the channel lost these peers. */
export const lostWithout = (of: MemberChannel, gone: (peer: ChannelPeer) => boolean): EndorsedThing[] =>
  endorsedOn(of).filter(({ policy }) => canGive(policy, of.peers, of.peers) && !canGive(policy, of.peers, of.peers.filter((peer) => !gone(peer))));
