import type { SigningPurpose, SigningRequest } from '@guildhall/resources';
import type { Database } from '../database/database.ts';

/** What hosted administrators have signed. */
export interface SignatureLog {
  /** Whether this member's administrator signed for this purpose and subject before. */
  knows(memberUid: string, purpose: SigningPurpose, subject: string): Promise<boolean>;
  /** Whether it signed the approval proposal of this transaction under exactly this intent. */
  signedProposal(memberUid: string, intent: SigningRequest['spec']['intent'], transactionId: string): Promise<boolean>;
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

    async signedProposal(memberUid, intent, transactionId) {
      const row = await database
        .selectFrom('signatures')
        .select('request_uid')
        .where('member_uid', '=', memberUid)
        .where('purpose', '=', 'approve-proposal')
        .where('transaction_id', '=', transactionId)
        .where('intent_uid', '=', intent.uid)
        .where('intent_generation', '=', intent.generation)
        .where('intent_digest', '=', intent.digest)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
