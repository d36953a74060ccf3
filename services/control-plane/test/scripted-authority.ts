import { isNotFound, type KubernetesClient } from '@guildhall/kubernetes';
import { authorityExtensions, createSigner, generateKeyPair, issueCertificate, parseCertificateRequest, selfSignCertificate, type Issuer } from '@guildhall/pki';
import { clientIdentity, member, type ClientIdentity } from '@guildhall/resources';

export interface ScriptedAuthority {
  /** What becomes of a client identity from now on; a certificate unless told otherwise. */
  answer: (identity: ClientIdentity) => 'certificate' | { denied: string } | 'nothing';
  /** Publishes the authority as that of a Member. */
  publish(namespace: string, name: string): Promise<void>;
  stop(): void;
}

function goneMeanwhile(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

/** One authority for all members, that answers client identities as the certificate authority would. */
export async function startScriptedAuthority(admin: KubernetesClient): Promise<ScriptedAuthority> {
  const signer = createSigner((await generateKeyPair()).privateKeyPem);
  const now = new Date();
  const certificate = await selfSignCertificate({ subject: [{ type: 'CN', value: 'root' }], notAfter: new Date(now.getTime() + 1e11), ...authorityExtensions(0) }, signer, { now });
  const issuer: Issuer = { certificate, signer };
  const stopping = new AbortController();
  const authority: ScriptedAuthority = {
    answer: () => 'certificate',
    publish: async (namespace, name) => {
      const pair = { root: certificate.pem, issuing: certificate.pem };
      const status = { certificateAuthority: { signing: pair, tls: pair, adminEndpoint: { root: certificate.pem }, admin: { certificate: certificate.pem } } };
      await admin.applyStatus(member.type, { metadata: { namespace, name }, status }, { force: true, fieldManager: 'authority' });
    },
    stop: () => stopping.abort(),
  };

  const look = async (identity: ClientIdentity): Promise<void> => {
    const { namespace = '', name } = identity.metadata;
    const verdict = authority.answer(identity);
    if (verdict === 'nothing' || identity.status?.conditions) return;
    const condition = (type: 'Ready' | 'Stalled', status: 'True' | 'False', reason: 'Issued' | 'Denied', message: string) => ({ type, status, reason, message, lastTransitionTime: now.toISOString() });
    if (verdict !== 'certificate') {
      const conditions = [condition('Ready', 'False', 'Denied', verdict.denied), condition('Stalled', 'True', 'Denied', verdict.denied)];
      await admin.applyStatus(clientIdentity.type, { metadata: { namespace, name }, status: { conditions } }, { force: true }).catch(goneMeanwhile);
      return;
    }
    const template = {
      subject: [{ type: 'O', value: 'CoreMSP' }, { type: 'OU', value: 'client' }, { type: 'CN', value: name }],
      publicKey: parseCertificateRequest(identity.spec.csr).publicKey,
      notAfter: new Date(now.getTime() + identity.spec.validDays * 86_400_000),
      keyUsage: ['digitalSignature'],
      basicConstraints: { ca: false },
    } as const;
    const { pem, notAfter } = await issueCertificate(template, issuer, { now });
    const status = { certificate: pem, chain: pem + certificate.pem, notAfter: notAfter.toISOString(), conditions: [condition('Ready', 'True', 'Issued', 'issued')] };
    await admin.applyStatus(clientIdentity.type, { metadata: { namespace, name }, status }, { force: true }).catch(goneMeanwhile);
  };
  const follow = async (): Promise<void> => {
    const { items, resourceVersion } = await admin.list(clientIdentity.type);
    for (const item of items) await look(item);
    for await (const event of admin.watch(clientIdentity.type, { resourceVersion, signal: stopping.signal })) {
      if (event.type === 'ADDED' || event.type === 'MODIFIED') await look(event.object);
    }
  };
  void follow();
  return authority;
}
