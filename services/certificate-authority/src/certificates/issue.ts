import { formatName, issueCertificate, selfSignCertificate, type Certificate, type CertificateSigner, type Issuer } from '@guildhall/pki';
import { recordAudit, type AuditEntry } from '../database/audit.ts';
import type { Transaction } from '../database/database.ts';
import { CertificateAuthorityError } from '../errors.ts';
import { profiles, templateOf, type Profile, type SubjectFacts } from './profiles.ts';

export interface Issuance {
  readonly memberUid: string;
  readonly profile: Profile;
  readonly facts: SubjectFacts;
  /** A root brings only its own signer. */
  readonly issuer: Issuer | { readonly signer: CertificateSigner };
  /** The CertificateRequest or ClientIdentity that is answered. */
  readonly request?: { readonly uid: string; readonly namespace: string; readonly name: string };
}

interface Made {
  readonly issuance: Issuance;
  readonly certificate: Certificate;
}

/** Signs one certificate; it is recorded when the work that asked for it is done. */
export type Sign = (issuance: Issuance) => Promise<Certificate>;

/**
 * The one place where certificates come into being: CAs, administrators and everything that is asked for. What `work` has signed is recorded,
 * each certificate with its audit entry, in the transaction and before this returns.
 */
export async function issueAll<Result>(transaction: Transaction, now: Date, work: (sign: Sign) => Promise<Result>): Promise<Result> {
  const made: Made[] = [];
  let closed = false;
  const result = await work(async (issuance) => {
    const { profile, facts, issuer } = issuance;
    const template = templateOf(profile, facts, now);
    const certificate =
      'certificate' in issuer
        ? await issueCertificate(template, issuer, { now })
        : await selfSignCertificate(template, issuer.signer, { now });
    // What is ready after the record was written would be on none.
    if (closed) throw new CertificateAuthorityError('STATE_CONTRADICTS', 'a certificate was signed too late to be recorded; it is not handed out');
    made.push({ issuance, certificate });
    return certificate;
  });
  closed = true;
  if (made.length > 0) {
    await transaction.insertInto('certificates').values(made.map(rowOf)).execute();
    await recordAudit(transaction, ...made.map((each) => auditOf(each, now)));
  }
  return result;
}

export const issue = (transaction: Transaction, issuance: Issuance, now: Date): Promise<Certificate> =>
  issueAll(transaction, now, (sign) => sign(issuance));

const rowOf = ({ issuance: { memberUid, profile, request }, certificate }: Made) => ({
  fingerprint: certificate.fingerprint,
  member_uid: memberUid,
  profile,
  issuer: profiles[profile].issuer,
  serial_number: certificate.serialNumber,
  subject: formatName(certificate.subject),
  not_before: certificate.notBefore,
  not_after: certificate.notAfter,
  certificate: certificate.pem,
  request_uid: request?.uid ?? null,
});

const auditOf = ({ issuance: { memberUid, profile, request }, certificate }: Made, at: Date): AuditEntry => ({
  at,
  action: 'issue-certificate',
  outcome: 'done',
  memberUid,
  ...(request === undefined ? {} : { requestUid: request.uid }),
  details: {
    profile,
    subject: formatName(certificate.subject),
    serialNumber: certificate.serialNumber,
    fingerprint: certificate.fingerprint,
    notAfter: certificate.notAfter.toISOString(),
    names: certificate.extensions.subjectAlternativeNames.map(({ value }) => value),
    ...(certificate.extensions.fabricAttributes ? { attributes: Object.entries(certificate.extensions.fabricAttributes).map(([name, value]) => `${name}=${value}`) } : {}),
    ...(request === undefined ? {} : { request: `${request.namespace}/${request.name}` }),
  },
});
