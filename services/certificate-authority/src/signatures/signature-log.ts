import type { SigningPurpose, SigningRequest } from '@guildhall/resources';
import type { Database } from '../database/database.ts';

/** What hosted administrators have signed. */
export interface SignatureLog {
  /** Whether this member's administrator signed for this purpose and subject before. */
  knows(memberUid: string, purpose: SigningPurpose, subject: string): Promise<boolean>;
  /** Whether it signed exactly this approval proposal (`digest`: the SHA-256 of its bytes) under exactly this intent. */
  signedProposal(
    memberUid: string,
    intent: SigningRequest['spec']['intent'],
    proposal: { readonly transactionId: string; readonly digest: string },
  ): Promise<boolean>;
}

export function createSignatureLog(database: Database): SignatureLog {
  return {
    async knows(memberUid, purpose, subject) {
      const row = await database
        .selectFrom('signatures')
        .select('request_uid')
        .where('member_uid', '=', memberUid)
        .where('purpose', '=', purpose)
        .where('subject', '=', subject)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    async signedProposal(memberUid, intent, { transactionId, digest }) {
      const row = await database
        .selectFrom('signatures')
        .select('request_uid')
        .where('member_uid', '=', memberUid)
        .where('purpose', '=', 'approve-proposal')
        .where('transaction_id', '=', transactionId)
        .where('message_digest', '=', digest)
        .where('intent_uid', '=', intent.uid)
        .where('intent_generation', '=', intent.generation)
        .where('intent_digest', '=', intent.digest)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
