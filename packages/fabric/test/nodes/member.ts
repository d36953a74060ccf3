import {
  authorityExtensions,
  createSigner,
  generateKeyPair,
  issueCertificate,
  selfSignCertificate,
  type Certificate,
  type CertificateSigner,
  type Issuer,
  type Name,
} from '@guildhall/pki';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigner as createFabricSigner, type Signer } from '../../src/identity/index.ts';
import { localMspFiles, type MspDescription } from '../../src/msp/index.ts';

/** A root and the issuing CA below it. */
export interface Authority {
  readonly root: string;
  readonly issuing: string;
  /** A certificate for somebody else's key (SubjectPublicKeyInfo, DER). */
  certify(publicKey: Uint8Array, subject: Name, use: 'identity' | 'tls', extra?: Extra): Promise<string>;
  issue(subject: Name, use: 'identity' | 'tls', extra?: Extra): Promise<Material>;
}

interface Extra {
  readonly addresses?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Material {
  readonly certificate: string;
  readonly key: string;
}

/** One organisation with its certificate authorities; identities are made as they are needed. */
export interface TestMember {
  readonly mspId: string;
  readonly description: MspDescription;
  readonly signing: Authority;
  readonly tls: Authority;
  readonly adminEndpoint: Authority;
  readonly admin: Signer;
  /** For Fabric's own tools. */
  readonly adminMaterial: Material;
  client(attributes?: Readonly<Record<string, string>>): Promise<Signer>;
  /** Writes the local MSP of a node or of an administrator (for Fabric's own tools). */
  writeMsp(folder: string, identity: Material): Promise<void>;
}

const pem = ({ pem }: Certificate): string => pem;
const inOneDay = (): Date => new Date(Date.now() + 86_400_000);

export async function createAuthority(name: string): Promise<Authority> {
  const context = { now: new Date() };
  const notAfter = inOneDay();
  const rootKeys = createSigner((await generateKeyPair()).privateKeyPem);
  const root = await selfSignCertificate(
    { subject: [{ type: 'CN', value: `${name} root` }], notAfter, ...authorityExtensions(1) },
    rootKeys,
    context,
  );
  const issuingKeys: CertificateSigner = createSigner((await generateKeyPair()).privateKeyPem);
  const issuing = await issueCertificate(
    { subject: [{ type: 'CN', value: `${name} issuing` }], publicKey: issuingKeys.publicKey, notAfter, ...authorityExtensions(0) },
    { certificate: root, signer: rootKeys },
    context,
  );
  const issuer: Issuer = { certificate: issuing, signer: issuingKeys };
  const certify: Authority['certify'] = async (publicKey, subject, use, { addresses = [], attributes } = {}) =>
    pem(
      await issueCertificate(
        {
          subject,
          publicKey,
          notAfter,
          basicConstraints: { ca: false },
          keyUsage: use === 'tls' ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'],
          ...(use === 'tls'
            ? {
                extendedKeyUsage: ['serverAuth', 'clientAuth'] as const,
                subjectAlternativeNames: addresses.map((value) => ({ type: 'ip' as const, value })),
              }
            : {}),
          ...(attributes ? { fabricAttributes: attributes } : {}),
        },
        issuer,
        context,
      ),
    );
  return {
    root: pem(root),
    issuing: pem(issuing),
    certify,
    async issue(subject, use, extra) {
      const keys = await generateKeyPair();
      return { certificate: await certify(keys.publicKey, subject, use, extra), key: keys.privateKeyPem };
    },
  };
}

export async function createMember(mspId: string): Promise<TestMember> {
  const [signing, tls, adminEndpoint] = await Promise.all([
    createAuthority(`${mspId} signing`),
    createAuthority(`${mspId} tls`),
    createAuthority(`${mspId} admin endpoint`),
  ]);
  const signerOf = ({ certificate, key }: Material): Signer => createFabricSigner({ mspId, certificate }, key);
  const adminMaterial = await signing.issue(subjectOf('admin', 'admin'), 'identity');
  const description: MspDescription = {
    mspId,
    rootCertificates: [signing.root],
    intermediateCertificates: [signing.issuing],
    tlsRootCertificates: [tls.root],
    tlsIntermediateCertificates: [tls.issuing],
  };
  return {
    mspId,
    description,
    signing,
    tls,
    adminEndpoint,
    admin: signerOf(adminMaterial),
    adminMaterial,
    client: async (attributes) =>
      signerOf(await signing.issue(subjectOf('client', 'client'), 'identity', attributes ? { attributes } : {})),
    async writeMsp(folder, { certificate, key }) {
      await writeFiles(folder, { ...localMspFiles(description, certificate), 'keystore/key_sk': key });
    },
  };
}

export const subjectOf = (name: string, role: string): Name => [
  { type: 'OU', value: role },
  { type: 'CN', value: name },
];

export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content, { mode: 0o600 });
  }
}
