import { namespaceOwner, type Channel, type Consortium, type Member } from '@guildhall/resources';
import type { Informers } from './cluster/informers.ts';
import { refKey } from './cluster/informers.ts';
import { stalled, waiting, type Outcome } from './outcome.ts';

export type ConsortiumEntry = Consortium['spec']['members'][number];

/** What the consortium says of this member; undefined when it does not name it with this namespace and MSP id. */
export const entryOf = (consortium: Consortium, member: Member): ConsortiumEntry | undefined =>
  consortium.spec.members.find(({ name, mspId, namespace }) => name === member.metadata.name && mspId === member.spec.mspId && namespace === member.metadata.namespace);

/** The consortium whose namespace this is. Another one that somebody put there is stalled, and nothing follows it. */
export function consortiumOf({ consortia }: Pick<Informers, 'consortia'>, namespace: string | undefined): Consortium | undefined {
  const owner = namespaceOwner(namespace ?? '');
  return owner === undefined || owner.member !== undefined ? undefined : consortia.get(namespace, owner.consortium);
}

/** Why the member may not refer to the consortium (yet); undefined when it may. */
export function refusal(consortium: Consortium | undefined, member: Member): Outcome | undefined {
  const { namespace, name } = member.spec.consortium;
  if (consortium === undefined) return waiting('WaitingForReference', `Consortium ${namespace}/${name} does not exist yet.`);
  if (entryOf(consortium, member) !== undefined) return undefined;
  const { metadata, spec } = member;
  return stalled(
    'ReferenceNotAllowed',
    `Consortium ${name} does not name a member "${metadata.name}" with MSP id ${spec.mspId} in namespace ${metadata.namespace ?? ''}. Add it there, or correct this Member.`,
  );
}

export interface Membership {
  member: Member;
  consortium: Consortium;
}

export type Found = Membership | { outcome: Outcome };

/** The member whose namespace this is, with its consortium, as far as they have found each other. */
export function memberOf(informers: Pick<Informers, 'members' | 'consortia'>, namespace: string | undefined, name?: string): Found {
  const candidates = informers.members.list(namespace).filter((member) => name === undefined || member.metadata.name === name);
  const [member] = candidates;
  if (member === undefined) return { outcome: waiting('WaitingForReference', `There is no Member ${name ?? ''} in namespace ${namespace ?? ''} yet.`) };
  if (candidates.length > 1) return { outcome: stalled('Duplicate', `Namespace ${namespace ?? ''} has ${candidates.length} Members; it is for one.`) };
  const consortium = informers.consortia.get(member.spec.consortium.namespace, member.spec.consortium.name);
  const refused = refusal(consortium, member);
  if (refused !== undefined || consortium === undefined) return { outcome: refused ?? waiting('WaitingForReference', 'The consortium does not exist yet.') };
  return { member, consortium };
}

/** Members of a consortium that it names, by name. */
export function admittedMembers(informers: Pick<Informers, 'members'>, consortium: Consortium): Map<string, Member> {
  const key = refKey({ namespace: consortium.metadata.namespace ?? '', name: consortium.metadata.name });
  const admitted = informers.members.byIndex('consortium', key).filter((member) => entryOf(consortium, member) !== undefined);
  return new Map(admitted.map((member) => [member.metadata.name, member]));
}

/** One of a channel's orderers, as the channel names it, and the Node that it is. */
export interface Consenter {
  member: string;
  node: string;
  ref: { namespace: string; name: string };
}

/** A channel's orderers in the channel's order. That of a member whom the consortium does not name is nowhere. */
export const consentersOf = ({ spec }: Channel, consortium: Consortium): Consenter[] =>
  spec.orderers.map(({ member, node }) => ({ member, node, ref: { namespace: consortium.spec.members.find(({ name }) => name === member)?.namespace ?? '', name: node } }));
