import type { Consortium, Member, Node } from '@guildhall/resources';
import type { ClientProfile } from '../identities/member-clients.ts';
import { ready, stalled, waiting, type Outcome } from '../outcome.ts';
import { refusal } from '../references.ts';

export interface MemberObserved {
  member: Member;
  consortium: Consortium | undefined;
  /** All Members that refer to the same consortium, this one among them. */
  siblings: readonly Member[];
  /** The certificate authority refused the operator's own certificates. */
  refused: string | undefined;
}

export function decideMember({ member, consortium, siblings, refused }: MemberObserved): Outcome {
  const notAllowed = refusal(consortium, member);
  if (notAllowed !== undefined) return notAllowed;
  const earlier = siblings.find((other) => other.metadata.uid !== member.metadata.uid && clashes(other, member) && isEarlier(other, member));
  if (earlier !== undefined) {
    const same = earlier.spec.mspId === member.spec.mspId ? `the MSP id ${member.spec.mspId}` : `the name ${member.metadata.name}`;
    return stalled('Duplicate', `Member ${earlier.metadata.namespace ?? ''}/${earlier.metadata.name} already has ${same} in consortium ${member.spec.consortium.name}. Choose another.`);
  }
  if (refused !== undefined) return stalled('Denied', `The certificate authority refused the operator's certificate in this member's name: ${refused}`);
  if (member.status?.certificateAuthority === undefined) {
    return waiting('WaitingForCertificateAuthority', 'The certificate authority has not published the roots of this member yet.');
  }
  return ready(`The roots of ${member.spec.mspId} are published and consortium ${member.spec.consortium.name} names it.`);
}

/** Certificates that the operator needs in the member's name: orderers are asked at their admin endpoint, the ledger is read at peers. */
export function clientProfiles({ spec }: Member, nodes: readonly Node[]): ClientProfile[] {
  const hasPeer = nodes.some((node) => node.spec.role === 'peer' && (node.status?.certificates ?? []).length > 0);
  return [...(spec.roles.includes('ordering') ? (['operator-admin-client'] as const) : []), ...(hasPeer ? (['operator-client'] as const) : [])];
}

const clashes = (one: Member, other: Member): boolean => one.spec.mspId === other.spec.mspId || one.metadata.name === other.metadata.name;

const age = ({ metadata }: Member): string => `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`;
const isEarlier = (one: Member, other: Member): boolean => age(one) < age(other);
