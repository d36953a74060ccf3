import { createHash } from 'node:crypto';
import { parseCertificatePem, type Certificate } from '@guildhall/pki';
import type { AuthorityService } from '../authorities/authority-service.ts';
import type { CredentialStore } from '../authorities/credential-store.ts';
import type { MemberIdentity } from '../authorities/member-authorities.ts';
import { recordAudit } from '../database/audit.ts';
import type { Database, Transaction } from '../database/database.ts';
import { issue } from './issue.ts';
import { profiles, type AskedProfile, type SubjectFacts } from './profiles.ts';

/** The CertificateRequest or ClientIdentity that asks. */
export interface RequestIdentity {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Issued {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What only the record of former issuances tells. */
export interface Refused {
  readonly refused: string;
}

/** The status of an object that is answered with a certificate. */
export const answerOf = ({ certificate, issuer }: Issued): { certificate: string; chain: string; notAfter: string } => ({
  certificate: certificate.pem,
  chain: certificate.pem + issuer.pem,
  notAfter: certificate.notAfter.toISOString(),
});

export interface IssuanceService {
  /** Answers one request once: asked again, after a crash or at the same time, it gives the certificate that was issued first. */
  answer(
    member: MemberIdentity,
    request: RequestIdentity,
    profile: AskedProfile,
    facts: SubjectFacts,
    now: Date,
  ): Promise<Issued | Refused>;
  deny(memberUid: string | undefined, request: RequestIdentity, profile: AskedProfile, why: string, now: Date): Promise<void>;
}

export function createIssuanceService(database: Database, credentials: CredentialStore, authorities: AuthorityService): IssuanceService {
  async function previous(
    transaction: Transaction,
    memberUid: string,
    request: RequestIdentity,
    profile: AskedProfile,
    facts: SubjectFacts,
  ): Promise<Certificate | Refused | undefined> {
    const row = await transaction
      .selectFrom('certificates')
      .select(['certificate', 'member_uid', 'profile'])
      .where('request_uid', '=', request.uid)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (row.member_uid !== memberUid) return { refused: 'this request was answered for a former Member of this namespace; ask anew' };
    const certificate = parseCertificatePem(row.certificate);
    return row.profile === profile && Buffer.compare(certificate.publicKey, facts.publicKey) === 0
      ? certificate
      : { refused: 'this request was answered before, for another profile or another key; ask anew' };
  }

  /**
   * A Node keeps the key that it was first certified for. Whoever else may ask (a stolen token suffices to create a request) cannot get a
   * second key that speaks for a Node which has one.
   */
  async function refusalOfKey(
    transaction: Transaction,
    memberUid: string,
    request: RequestIdentity,
    profile: AskedProfile,
    { node, publicKey, commonName }: SubjectFacts,
  ): Promise<Refused | undefined> {
    if (node === undefined) return undefined;
    const key = createHash('sha256').update(publicKey).digest('hex');
    const claimed = await transaction
      .insertInto('node_keys')
      .values({ node_uid: node, profile, member_uid: memberUid, public_key: key, request_uid: request.uid })
      .onConflict((conflict) => conflict.columns(['node_uid', 'profile']).doNothing())
      .returning('public_key')
      .executeTakeFirst();
    if (claimed !== undefined) return undefined;
    const first = await transaction
      .selectFrom('node_keys')
      .select(['public_key', 'request_uid'])
      .where('node_uid', '=', node)
      .where('profile', '=', profile)
      .executeTakeFirstOrThrow();
    if (first.public_key === key) return undefined;
    return {
      refused:
        `Node ${commonName} has a ${profile} certificate for another key (CertificateRequest ${first.request_uid}), and a Node's key is never replaced; ` +
        'restore its Secret, or delete the Node and make it anew. If nobody here asked for this certificate, find out who did',
    };
  }

  return {
    async answer(member, request, profile, facts, now) {
      await authorities.ensure(member, now);
      return database.transaction().execute(async (transaction) => {
        const before = await previous(transaction, member.uid, request, profile, facts);
        if (before !== undefined && 'refused' in before) return before;
        const refused = before === undefined ? await refusalOfKey(transaction, member.uid, request, profile, facts) : undefined;
        if (refused !== undefined) return refused;
        const issuer = await credentials.open(transaction, member.uid, profiles[profile].issuer);
        const certificate = before ?? (await issue(transaction, { memberUid: member.uid, profile, facts, issuer, request }, now));
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
