export interface MemberOfContract {
  readonly name: string;
  readonly consented: boolean;
  readonly installed: boolean;
  readonly sameCode: boolean;
  readonly approved: boolean;
  readonly running: boolean;
  readonly decision: { readonly state: string; readonly by: string | null; readonly reason: string | null; readonly at: string | null } | null;
}

export type WhyNoAnswer = 'notAsked' | 'hasApproved' | 'hasRejected';

/** Why a member cannot approve or reject a definition now; undefined: it can. An approval is not taken back. */
export function whyNot(answer: 'approve' | 'reject', { decision }: MemberOfContract): WhyNoAnswer | undefined {
  if (decision === null) return 'notAsked';
  if (decision.state === 'approved') return 'hasApproved';
  return answer === 'reject' && decision.state === 'rejected' ? 'hasRejected' : undefined;
}

/** Whether anybody is still to be asked, or may change its mind. */
export const isOpen = (members: readonly MemberOfContract[]): boolean => members.some((member) => whyNot('approve', member) === undefined);
