import { formatName, issueCertificate, selfSignCertificate, type Certificate, type CertificateSigner, type Issuer } from '@guildhall/pki';
import { recordAudit } from '../database/audit.ts';
import type { Transaction } from '../database/database.ts';
import { profiles, templateOf, type Profile, type SubjectFacts } from './profiles.ts';

export interface Issuance {
  readonly memberUid: string;
  readonly profile: Profile;
  readonly facts: SubjectFacts;
  /** A root brings only its own signer. */
  readonly issuer: Issuer | { readonly signer: CertificateSigner };
  /** The CertificateRequest that is answered. */
  readonly request?: { readonly uid: string; readonly namespace: string; readonly name: string };
}

/**
 * The one place where a certificate comes into being: CAs, administrators and everything that is asked for. The certificate, its row and its
 * audit entry are one transaction.
 */
export async function issue(transaction: Transaction, issuance: Issuance, now: Date): Promise<Certificate> {
  const { memberUid, profile, issuer, request } = issuance;
  const template = templateOf(profile, issuance.facts, now);
  const certificate =
    'certificate' in issuer
      ? await issueCertificate(template, issuer, { now })
      : await selfSignCertificate(template, issuer.signer, { now });
  await transaction
    .insertInto('certificates')
    .values({
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
    })
    .execute();
  await recordAudit(transaction, {
    at: now,
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
      ...(request === undefined ? {} : { request: `${request.namespace}/${request.name}` }),
    },
  });
  return certificate;
}
