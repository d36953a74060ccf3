import { createSigner as createFabricSigner, type ClientCertificate, type Signer } from '@guildhall/fabric';
import { isAlreadyExists, ownedBy, type Informer, type KubernetesClient } from '@guildhall/kubernetes';
import { createCertificateRequest, createSigner, generateKeyPair, parseCertificatePem, type Certificate, type KeyPair } from '@guildhall/pki';
import { certificateRequest, type CertificateRequest, type Member } from '@guildhall/resources';
import { askingOf, discardRefused } from '../cluster/refusals.ts';
import { memberLabels } from '../names.ts';
import { stallOf } from '../outcome.ts';

export type ClientProfile = 'operator-client' | 'operator-admin-client';

/**
 * The operator's short-lived certificates in members' names: one to read and commit, one for the admin endpoint of orderers. Keys
 * are in this memory only, so a new process asks anew.
 */
export interface MemberClients {
  /** Asks for what is missing of these or near its end. Gives the refusal when the certificate authority refused. */
  ensure(member: Member, wanted: readonly ClientProfile[], now: number): Promise<string | undefined>;
  /** Keeps the keys of these members only. */
  retain(members: readonly Member[]): void;
  /** Reads and commits in the member's name; undefined while there is no certificate. */
  reader(member: Member): Signer | undefined;
  /** Opens the admin endpoint of the member's orderers; undefined while there is no certificate. */
  admin(member: Member): ClientCertificate | undefined;
}

interface Credential {
  keys: KeyPair;
  csr: string;
}

interface Issued {
  keys: KeyPair;
  certificate: Certificate;
}

/** `onIssued` is told of each certificate that can be used from now on: no watch shows it. */
export function createMemberClients(client: Pick<KubernetesClient, 'create' | 'delete'>, requests: Informer<CertificateRequest>, onIssued: (member: Member) => void): MemberClients {
  const asked = new Map<string, Credential>();
  const issued = new Map<string, Issued>();
  const readers = new Map<string, Signer>();

  async function credential(key: string): Promise<Credential> {
    const existing = asked.get(key);
    if (existing !== undefined) return existing;
    const keys = await generateKeyPair();
    // The subject is not read: it follows from the profile.
    const csr = await createCertificateRequest({ subject: [{ type: 'CN', value: 'guildhall-operator' }] }, createSigner(keys.privateKeyPem));
    asked.set(key, { keys, csr });
    return { keys, csr };
  }

  async function renewed(member: Member, profile: ClientProfile, now: number): Promise<string | undefined> {
    const key = `${member.metadata.uid ?? ''}/${profile}`;
    const current = issued.get(key);
    if (current !== undefined && now < renewalTime(current.certificate)) return undefined;
    // What was asked for is used up: the next certificate gets a key of its own.
    if (current !== undefined && asked.get(key)?.keys === current.keys) asked.delete(key);
    const { keys, csr } = await credential(key);
    const request = requests.get(member.metadata.namespace, profile);
    if (request?.spec.csr !== csr) {
      await askAnew(member, profile, csr, request);
      return undefined;
    }
    if (await discardRefused(client, [request], member)) return undefined;
    if (request.status?.certificate !== undefined) accept(key, member, keys, request.status.certificate);
    return stallOf(request);
  }

  /** What a former process asked for is for a key that is gone; the next request is made when that has gone. */
  const askAnew = (member: Member, profile: ClientProfile, csr: string, former: CertificateRequest | undefined): Promise<void> =>
    former === undefined ? ask(member, profile, csr) : client.delete(certificateRequest.type, former.metadata, { uid: former.metadata.uid });

  async function ask(member: Member, profile: ClientProfile, csr: string): Promise<void> {
    const metadata = { name: profile, namespace: member.metadata.namespace ?? '', labels: memberLabels(member), ...askingOf(member) };
    try {
      await client.create(certificateRequest.type, ownedBy(member, { metadata, spec: { profile, csr } }));
    } catch (error) {
      // Of a former process, and not in the cache yet: its event brings us back.
      if (!isAlreadyExists(error)) throw error;
    }
  }

  function accept(key: string, member: Member, keys: KeyPair, pem: string): void {
    const certificate = parseCertificatePem(pem);
    issued.set(key, { keys, certificate });
    if (key.endsWith('/operator-client')) readers.set(key, createFabricSigner({ mspId: member.spec.mspId, certificate: certificate.pem }, keys.privateKeyPem));
    onIssued(member);
  }

  return {
    async ensure(member, wanted, now) {
      const refusals = await Promise.all(wanted.map((profile) => renewed(member, profile, now)));
      return refusals.find((refusal) => refusal !== undefined);
    },
    retain(members) {
      const kept = new Set(members.map(({ metadata }) => metadata.uid));
      for (const all of [asked, issued, readers]) for (const key of all.keys()) if (!kept.has(key.slice(0, key.indexOf('/')))) all.delete(key);
    },
    reader: (member) => readers.get(`${member.metadata.uid ?? ''}/operator-client`),
    admin(member) {
      const current = issued.get(`${member.metadata.uid ?? ''}/operator-admin-client`);
      return current && { certificate: current.certificate.pem, key: current.keys.privateKeyPem };
    },
  };
}

/** After two thirds of its life. */
const renewalTime = ({ notBefore, notAfter }: Certificate): number => notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3;
