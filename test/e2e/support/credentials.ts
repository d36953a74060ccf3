import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { localMspFiles } from '@guildhall/fabric';
import { createCertificateRequest, createSigner, generateKeyPair } from '@guildhall/pki';
import { certificateRequest, labels, member, memberNamespace, type Member } from '@guildhall/resources';
import { clusterClient } from './cluster-api.ts';
import { until } from './until.ts';

export interface Credentials {
  certificate: string;
  /** The certificate and the CA that issued it. */
  chain: string;
  privateKey: string;
}

/** A key of the test's own, certified by the member's authority on the way that the gateway (client) and the operator (admin endpoint) go. */
export async function certify(home: string, consortium: string, memberName: string, profile: 'client' | 'operator-admin-client', role?: string): Promise<Credentials> {
  const client = clusterClient(home, profile === 'client' ? 'guildhall-ledger-gateway' : 'guildhall-operator');
  const { privateKeyPem } = await generateKeyPair();
  const ref = { namespace: memberNamespace(consortium, memberName), name: `test-${profile}` };
  await client.create(certificateRequest.type, {
    apiVersion: 'guildhall.dev/v1alpha1',
    kind: 'CertificateRequest',
    metadata: { ...ref, labels: { [labels.consortium]: consortium, [labels.member]: memberName, ...(profile === 'client' ? { [labels.component]: 'ledger-gateway' } : {}) } },
    spec: { profile, csr: await createCertificateRequest({ subject: [{ type: 'CN', value: 'test' }] }, createSigner(privateKeyPem)), ...(role === undefined ? {} : { role }) },
  });
  const status = await until('the certificate is issued', async () => {
    const found = (await client.get(certificateRequest.type, ref))?.status;
    return found?.certificate !== undefined && found;
  });
  return { certificate: status.certificate ?? '', chain: status.chain ?? '', privateKey: privateKeyPem };
}

type Authorities = NonNullable<NonNullable<Member['status']>['certificateAuthority']>;

/** The roots and issuing authorities that a member has published. */
export async function authoritiesOf(home: string, consortium: string, memberName: string): Promise<Authorities> {
  const found = await clusterClient(home, 'guildhall-operator').get(member.type, { namespace: memberNamespace(consortium, memberName), name: memberName });
  if (found?.status?.certificateAuthority === undefined) throw new Error(`${memberName} has published no authorities`);
  return found.status.certificateAuthority;
}

export const mspOf = (mspId: string, { signing, tls }: Authorities): Parameters<typeof localMspFiles>[0] => ({
  mspId,
  rootCertificates: [signing.root],
  intermediateCertificates: [signing.issuing],
  tlsRootCertificates: [tls.root],
  tlsIntermediateCertificates: [tls.issuing],
});

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
  }
}
