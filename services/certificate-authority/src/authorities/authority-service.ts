import { createSigner, generateKeyPair, type Issuer } from '@guildhall/pki';
import { issueAll } from '../certificates/issue.ts';
import { profiles, type CredentialUse } from '../certificates/profiles.ts';
import type { Database, Transaction } from '../database/database.ts';
import { CertificateAuthorityError } from '../errors.ts';
import type { CredentialStore, NewCredential } from './credential-store.ts';
import type { MemberIdentity, PublishedAuthorities } from './member-authorities.ts';

export interface AuthorityService {
  /**
   * The member's authorities, made when there are none. All of them are one transaction under the Member's uid: however often this is
   * called, at once or after a crash, a member has one root each.
   */
  ensure(member: MemberIdentity, now: Date): Promise<PublishedAuthorities>;
  /** Those of the Member with this uid; undefined when it has none. */
  find(memberUid: string): Promise<PublishedAuthorities | undefined>;
}

/** Issuers before what they issue. */
const order: readonly CredentialUse[] = ['signing-root', 'signing-issuing', 'tls-root', 'tls-issuing', 'admin-endpoint', 'admin'];

const commonNames: Readonly<Record<CredentialUse, string>> = {
  'signing-root': 'Signing Root CA',
  'signing-issuing': 'Signing Issuing CA',
  'tls-root': 'TLS Root CA',
  'tls-issuing': 'TLS Issuing CA',
  'admin-endpoint': 'Orderer Administration CA',
  admin: 'admin',
};

const remembered = 1000;

export function createAuthorityService(database: Database, credentials: CredentialStore): AuthorityService {
  /** What is published of a member never changes; it is asked for with each certificate and each signature. */
  const known = new Map<string, PublishedAuthorities>();

  async function find(memberUid: string): Promise<PublishedAuthorities | undefined> {
    const before = known.get(memberUid);
    if (before !== undefined) return before;
    const certificates = await credentials.certificates(memberUid);
    if (certificates.size === 0) return undefined;
    const found = publish(memberUid, certificates);
    if (known.size >= remembered) known.clear();
    known.set(memberUid, found);
    return found;
  }

  async function create(transaction: Transaction, member: MemberIdentity, now: Date): Promise<void> {
    if (!(await credentials.addMember(transaction, member, now))) return;
    const made = new Map<CredentialUse, Issuer>();
    const entries = await issueAll(transaction, now, async (sign) => {
      const entries: NewCredential[] = [];
      for (const use of order) {
        const keys = await generateKeyPair();
        const signer = createSigner(keys.privateKeyPem);
        const facts = { organization: member.mspId, commonName: commonNames[use], publicKey: keys.publicKey };
        const certificate = await sign({ memberUid: member.uid, profile: use, facts, issuer: made.get(profiles[use].issuer) ?? { signer } });
        made.set(use, { certificate, signer });
        entries.push({ use, certificate: certificate.pem, keys });
      }
      return entries;
    });
    await credentials.add(transaction, member.uid, entries);
  }

  return {
    find,
    async ensure(member, now) {
      const before = await find(member.uid);
      if (before !== undefined) return before;
      await database.transaction().execute((transaction) => create(transaction, member, now));
      const after = await find(member.uid);
      if (after === undefined)
        throw new CertificateAuthorityError('AUTHORITY_MISSING', `the authorities of member ${member.uid} were made but are not there`);
      return after;
    },
  };
}

function publish(memberUid: string, certificates: ReadonlyMap<CredentialUse, string>): PublishedAuthorities {
  const of = (use: CredentialUse): string => {
    const certificate = certificates.get(use);
    if (certificate === undefined)
      throw new CertificateAuthorityError('AUTHORITY_MISSING', `member ${memberUid} has authorities, but not ${use}; restore the database`);
    return certificate;
  };
  return {
    signing: { root: of('signing-root'), issuing: of('signing-issuing') },
    tls: { root: of('tls-root'), issuing: of('tls-issuing') },
    adminEndpoint: { root: of('admin-endpoint') },
    admin: { certificate: of('admin') },
  };
}
