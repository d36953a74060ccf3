import { parseCertificatePem, type Certificate } from '@guildhall/pki';
import type { CertificateProfile } from '@guildhall/resources';
import type { AuthorityService } from '../authorities/authority-service.ts';
import type { CredentialStore } from '../authorities/credential-store.ts';
import type { MemberIdentity } from '../authorities/member-authorities.ts';
import { recordAudit } from '../database/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { issue } from './issue.ts';
import { profiles, type SubjectFacts } from './profiles.ts';

export interface RequestIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Issued {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

export interface IssuanceService {
  /** Answers one request once: asked again, after a crash or at the same time, it gives the certificate that was issued first. */
  answer(member: MemberIdentity, request: RequestIdentity, profile: CertificateProfile, facts: SubjectFacts, now: Date): Promise<Issued>;
  deny(memberUid: string | undefined, request: RequestIdentity, profile: CertificateProfile, why: string, now: Date): Promise<void>;
}

export function createIssuanceService(database: Database, credentials: CredentialStore, authorities: AuthorityService): IssuanceService {
  async function previous(transaction: Transaction, memberUid: string, requestUid: string): Promise<Certificate | undefined> {
    const row = await transaction
      .selectFrom('certificates')
      .select('certificate')
      .where('request_uid', '=', requestUid)
      .where('member_uid', '=', memberUid)
      .executeTakeFirst();
    return row === undefined ? undefined : parseCertificatePem(row.certificate);
  }

  return {
    async answer(member, request, profile, facts, now) {
      await authorities.ensure(member, now);
      return database.transaction().execute(async (transaction) => {
        const issuer = await credentials.open(transaction, member.uid, profiles[profile].issuer);
        const certificate =
          (await previous(transaction, member.uid, request.uid)) ??
          (await issue(transaction, { memberUid: member.uid, profile, facts, issuer, request }, now));
        return { certificate, issuer: issuer.certificate };
      });
    },

    async deny(memberUid, request, profile, why, now) {
      await database.transaction().execute((transaction) =>
        recordAudit(transaction, {
          at: now,
          action: 'issue-certificate',
          outcome: 'denied',
          ...(memberUid === undefined ? {} : { memberUid }),
          requestUid: request.uid,
          details: { request: `${request.namespace}/${request.name}`, profile, why },
        }),
      );
    },
  };
}
