import { timestamp, type Clock, type KubernetesClient, type KubernetesObject, type ResourceType } from '@guildhall/kubernetes';
import { createSigner, generateKeyPair, issueCertificate, parseCertificateRequest, type Issuer } from '@guildhall/pki';
import { certificateRequest, member, signingRequest, type CertificateRequest, type Condition, type Member, type SigningRequest } from '@guildhall/resources';
import { createAuthority } from '../../../packages/pki/test/authorities.ts';

/** One for all members and all runs: what tells members apart is their MSP id, and the model checks no signature. */
const authority = await createAuthority('model');
const administrator = await issue(createSigner((await generateKeyPair()).privateKeyPem).publicKey, authority.issuing, 'admin', 'admin');

function issue(publicKey: Uint8Array, issuer: Issuer, role: string, name: string): ReturnType<typeof issueCertificate> {
  const now = issuer.certificate.notBefore;
  const subject = [{ type: 'OU' as const, value: role }, { type: 'CN' as const, value: name }];
  const notAfter = new Date(now.getTime() + 365 * 86_400_000);
  return issueCertificate({ subject, publicKey, notAfter, keyUsage: ['digitalSignature'], basicConstraints: { ca: false } }, issuer, { now: new Date(now.getTime() + 600_000) });
}

/** Publishes roots, issues and signs whatever it is asked but for what it is told to refuse: who may ask for what is the real one's business. */
export function followAsAuthority(client: KubernetesClient, clock: Clock, refused: ReadonlySet<string>, signal: AbortSignal): Promise<unknown> {
  const root = authority.root.pem;
  const roots = { root, issuing: authority.issuing.certificate.pem };
  const certificateAuthority = { signing: roots, tls: roots, adminEndpoint: { root }, admin: { certificate: administrator.pem } };
  const signed = (reason: Condition['reason']): Condition[] => [{ type: 'Ready', status: 'True', reason, message: 'done', lastTransitionTime: timestamp(clock.now()) }];

  const denied: Condition[] = [{ type: 'Stalled', status: 'True', reason: 'Denied', message: 'It must not be.', lastTransitionTime: timestamp(clock.now()) }];

  async function each<T extends KubernetesObject>(type: ResourceType<T>, answer: (object: T) => Promise<object | undefined>): Promise<void> {
    const reply = async (object: T): Promise<void> => {
      const status = await answer(object);
      // Gone in the meantime: nothing to answer.
      if (status !== undefined) await client.applyStatus(type, { metadata: object.metadata, status }).catch(() => undefined);
    };
    const { items, resourceVersion } = await client.list(type);
    for (const object of items) await reply(object);
    for await (const event of client.watch(type, { resourceVersion, signal })) if (event.type === 'ADDED' || event.type === 'MODIFIED') await reply(event.object);
  }

  return Promise.all([
    each<Member>(member.type, async ({ status }) => (status?.certificateAuthority === undefined ? { certificateAuthority } : undefined)),
    each<CertificateRequest>(certificateRequest.type, async ({ spec, status, metadata }) => {
      if (status?.conditions !== undefined) return undefined;
      if (refused.has(spec.profile)) return { conditions: denied };
      const { publicKey } = parseCertificateRequest(spec.csr);
      const certificate = (await issue(publicKey, authority.issuing, spec.profile, metadata.name)).pem;
      return { certificate, chain: certificate + roots.issuing, conditions: signed('Issued') };
    }),
    each<SigningRequest>(signingRequest.type, async ({ spec, status }) => {
      if (status?.conditions !== undefined) return undefined;
      return refused.has(spec.purpose) ? { conditions: denied } : { signature: 'AAAA', conditions: signed('Signed') };
    }),
  ]);
}
