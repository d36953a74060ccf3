import { timestamp } from '@guildhall/kubernetes';
import { formatName, parseCertificatePem, type Certificate } from '@guildhall/pki';
import type { CertificateRequest, Node } from '@guildhall/resources';

export type CertificateUse = 'identity' | 'tls';
export type CertificateStatus = NonNullable<NonNullable<Node['status']>['certificates']>[number];

export interface CertificateProgress {
  /** The request exists; whose key it is for. */
  csr?: string;
  certificate?: Certificate;
  /** The certificate authority refused. */
  denied?: string;
}

/** By the object in the cache: a node is looked at far oftener than its requests change. */
const known = new WeakMap<CertificateRequest, CertificateProgress>();

export function progressOf(request: CertificateRequest | undefined): CertificateProgress {
  if (request === undefined) return {};
  const progress = known.get(request) ?? read(request);
  known.set(request, progress);
  return progress;
}

/** The first certificate of the answer is the leaf. */
function read(request: CertificateRequest): CertificateProgress {
  const stalled = request.status?.conditions?.find(({ type }) => type === 'Stalled');
  const pem = request.status?.certificate;
  return {
    csr: request.spec.csr,
    ...(pem === undefined ? {} : { certificate: parseCertificatePem(pem) }),
    ...(stalled === undefined ? {} : { denied: stalled.message }),
  };
}

export const certificateStatus = (use: CertificateUse, certificate: Certificate): CertificateStatus => ({
  use,
  pem: certificate.pem,
  subject: formatName(certificate.subject).slice(0, 500),
  serial: certificate.serialNumber,
  notBefore: timestamp(certificate.notBefore.getTime()),
  notAfter: timestamp(certificate.notAfter.getTime()),
  sha256: certificate.fingerprint,
});
