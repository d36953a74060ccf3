import { createHash } from 'node:crypto';
import { parseCertificatePem } from '@guildhall/pki';

export interface Caller {
  readonly mspId: string;
  readonly organizationalUnits: readonly string[];
  readonly roles: readonly string[];
}

const remembered = 1000;

/**
 * Reads callers from their certificates, which the peer has verified. The attribute `gh.role` (Fabric CA's attribute extension,
 * OID 1.2.3.4.5.6.7.8.1) holds roles separated by commas. Certificates are parsed once.
 */
export function createCallerReader(): (mspId: string, certificatePem: Uint8Array) => Caller {
  const known = new Map<string, Omit<Caller, 'mspId'>>();
  return (mspId, certificatePem) => {
    const fingerprint = createHash('sha256').update(certificatePem).digest('hex');
    let person = known.get(fingerprint);
    if (!person) {
      person = readPerson(Buffer.from(certificatePem).toString('utf8'));
      const [oldest] = known.keys();
      if (known.size >= remembered && oldest !== undefined) known.delete(oldest);
      known.set(fingerprint, person);
    }
    return { mspId, ...person };
  };
}

function readPerson(pem: string): Omit<Caller, 'mspId'> {
  const { subject, extensions } = parseCertificatePem(pem);
  const organizationalUnits = subject.filter(({ type }) => type === 'OU').map(({ value }) => value);
  const roles = (extensions.fabricAttributes?.['gh.role'] ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  return { organizationalUnits, roles };
}
