import type { AgreedChannel } from '@guildhall/agreement';
import type { Identity } from '@guildhall/fabric';
import type { KubernetesObject, Ref, ResourceType } from '@guildhall/kubernetes';
import {
  createSigner,
  generateKeyPair,
  issueCertificate,
  selfSignCertificate,
  type Certificate,
  type CertificateSigner,
  type Issuer,
} from '@guildhall/pki';
import {
  apiVersion,
  specDigest,
  type Channel,
  type ChannelMembership,
  type Consortium,
  type Contract,
  type ContractInstallation,
  type Member,
  type Node,
  type SigningPurpose,
  type SigningRequest,
} from '@guildhall/resources';
import type { PublishedAuthorities } from '../src/authorities/member-authorities.ts';
import { templateOf, type Profile } from '../src/certificates/profiles.ts';
import { now } from './fixtures.ts';

/** One member's keys and what is published of them. */
export interface TestMember {
  readonly published: PublishedAuthorities;
  readonly admin: Identity;
  readonly adminSigner: CertificateSigner;
  issueNodeTls(node: string): Promise<string>;
}

export async function createTestMember(mspId: string): Promise<TestMember> {
  const root = async (profile: Profile): Promise<Issuer> => {
    const signer = createSigner((await generateKeyPair()).privateKeyPem);
    const template = templateOf(profile, { organization: mspId, commonName: profile, publicKey: signer.publicKey }, now);
    return { signer, certificate: await selfSignCertificate(template, signer, { now }) };
  };
  const below = async (issuer: Issuer, profile: Profile, commonName: string): Promise<Issuer> => {
    const signer = createSigner((await generateKeyPair()).privateKeyPem);
    const facts = { organization: mspId, commonName, publicKey: signer.publicKey, names: [{ type: 'dns', value: commonName } as const] };
    return { signer, certificate: await issueCertificate(templateOf(profile, facts, now), issuer, { now }) };
  };
  const [signing, tls, adminEndpoint] = await Promise.all([root('signing-root'), root('tls-root'), root('admin-endpoint')]);
  const signingIssuing = await below(signing, 'signing-issuing', 'issuing');
  const tlsIssuing = await below(tls, 'tls-issuing', 'issuing');
  const admin = await below(signingIssuing, 'admin', 'admin');
  const pem = ({ certificate }: { certificate: Certificate }): string => certificate.pem;
  return {
    published: {
      signing: { root: pem(signing), issuing: pem(signingIssuing) },
      tls: { root: pem(tls), issuing: pem(tlsIssuing) },
      adminEndpoint: { root: pem(adminEndpoint) },
      admin: { certificate: pem(admin) },
    },
    admin: { mspId, certificate: pem(admin) },
    adminSigner: admin.signer,
    issueNodeTls: async (node) => pem(await below(tlsIssuing, 'node-tls', node)),
  };
}

const metadata = (namespace: string, name: string) => ({ namespace, name, uid: `uid-of-${namespace}-${name}`, generation: 1 });

/** A consortium of two members that endorse and order, one channel, one contract, and every consent that it takes. */
export class TestConsortium {
  readonly acme: TestMember;
  readonly bank: TestMember;
  readonly consortium: Consortium;
  readonly members: { acme: Member; bank: Member };
  readonly nodes: { [member in 'acme' | 'bank']: { peer: Node; orderer: Node } };
  readonly channel: Channel;
  readonly memberships: { acme: ChannelMembership; bank: ChannelMembership };
  readonly contract: Contract;
  readonly installation: ContractInstallation;

  private constructor(acme: TestMember, bank: TestMember, certificates: { acme: string; bank: string }) {
    this.acme = acme;
    this.bank = bank;
    const member = (name: 'acme' | 'bank', mspId: string): Member => ({
      apiVersion,
      kind: 'Member',
      metadata: metadata(`gh-demo--${name}`, name),
      spec: {
        consortium: { namespace: 'gh-demo', name: 'demo' },
        mspId,
        roles: ['endorsing', 'ordering'],
        certificateAuthority: 'hosted',
        applicationRoles: [],
      },
    });
    this.members = { acme: member('acme', 'AcmeMSP'), bank: member('bank', 'BankMSP') };
    this.consortium = {
      apiVersion,
      kind: 'Consortium',
      metadata: metadata('gh-demo', 'demo'),
      spec: {
        ledger: { engine: 'fabric', version: '3.1' },
        profile: 'sandbox',
        members: Object.values(this.members).map(({ metadata, spec }) => ({
          name: metadata.name,
          mspId: spec.mspId,
          namespace: metadata.namespace ?? '',
        })),
      },
    };
    const node = (memberName: 'acme' | 'bank', role: 'peer' | 'orderer', endpoint: string, tls?: string): Node => ({
      apiVersion,
      kind: 'Node',
      metadata: metadata(`gh-demo--${memberName}`, `${role}0`),
      spec: { member: memberName, role, version: '3.1', storage: { size: '10Gi' }, exposure: 'Local' },
      status: {
        endpoint,
        ...(tls === undefined
          ? {}
          : {
              certificates: [
                { use: 'tls', pem: tls, subject: '', serial: '', notBefore: now.toISOString(), notAfter: now.toISOString(), sha256: '' },
              ],
            }),
      },
    });
    this.nodes = {
      acme: { peer: node('acme', 'peer', '127.9.0.1:7051'), orderer: node('acme', 'orderer', '127.9.0.2:7050', certificates.acme) },
      bank: { peer: node('bank', 'peer', '127.9.0.3:7051'), orderer: node('bank', 'orderer', '127.9.0.4:7050', certificates.bank) },
    };
    this.channel = {
      apiVersion,
      kind: 'Channel',
      metadata: metadata('gh-demo', 'trade'),
      spec: {
        members: [{ name: 'acme' }, { name: 'bank' }],
        orderers: [
          { member: 'acme', node: 'orderer0' },
          { member: 'bank', node: 'orderer0' },
        ],
        ordering: { type: 'raft' },
        policies: { endorsement: 'MAJORITY Endorsement', lifecycleEndorsement: 'MAJORITY Endorsement' },
      },
    };
    const membership = (name: string): ChannelMembership => ({
      apiVersion,
      kind: 'ChannelMembership',
      metadata: metadata(`gh-demo--${name}`, 'trade'),
      spec: {
        channel: { namespace: 'gh-demo', name: 'trade' },
        channelDigest: specDigest(this.channel.spec),
        peers: ['peer0'],
        orderers: ['orderer0'],
        anchorPeers: ['peer0'],
      },
    });
    this.memberships = { acme: membership('acme'), bank: membership('bank') };
    this.contract = {
      apiVersion,
      kind: 'Contract',
      metadata: metadata('gh-demo', 'receivable'),
      spec: { channel: 'trade', version: '1.0.0', artifactDigest: `sha256:${'a1'.repeat(32)}`, endorsementPolicy: '' },
    };
    this.installation = {
      apiVersion,
      kind: 'ContractInstallation',
      metadata: metadata('gh-demo--bank', 'receivable'),
      spec: {
        contract: { namespace: 'gh-demo', name: 'receivable' },
        contractDigest: specDigest(this.contract.spec),
        artifactDigest: this.contract.spec.artifactDigest,
        peers: ['peer0'],
      },
    };
  }

  static async create(): Promise<TestConsortium> {
    const [acme, bank] = await Promise.all([createTestMember('AcmeMSP'), createTestMember('BankMSP')]);
    const [acmeTls, bankTls] = await Promise.all([acme.issueNodeTls('orderer0'), bank.issueNodeTls('orderer0')]);
    return new TestConsortium(acme, bank, { acme: acmeTls, bank: bankTls });
  }

  get objects(): KubernetesObject[] {
    const nodes = Object.values(this.nodes).flatMap(({ peer, orderer }) => [peer, orderer]);
    return [
      this.consortium,
      ...Object.values(this.members),
      ...nodes,
      this.channel,
      ...Object.values(this.memberships),
      this.contract,
      this.installation,
    ];
  }

  /** The API server's `get` over these objects as they are now; `hidden` do not exist. */
  reader(hidden: readonly KubernetesObject[] = []) {
    return {
      get: <T extends KubernetesObject>(type: ResourceType<T>, ref: Ref): Promise<T | undefined> => {
        const found = this.objects.find(
          ({ kind, metadata }) => kind === type.kind && metadata.name === ref.name && metadata.namespace === ref.namespace,
        );
        return Promise.resolve(found === undefined || hidden.includes(found) ? undefined : (structuredClone(found) as T));
      },
    };
  }

  authorities = (uid: string): Promise<PublishedAuthorities | undefined> =>
    Promise.resolve(
      { [this.members.acme.metadata.uid ?? '']: this.acme.published, [this.members.bank.metadata.uid ?? '']: this.bank.published }[uid],
    );

  /** What the operator would gather to build the first block. */
  get agreed(): AgreedChannel {
    const address = ({ status }: Node) => ({ host: status?.endpoint?.split(':')[0] ?? '', port: Number(status?.endpoint?.split(':')[1]) });
    const names = ['acme', 'bank'] as const;
    return {
      name: this.channel.metadata.name,
      spec: this.channel.spec,
      profile: this.consortium.spec.profile,
      members: names.map((name) => ({
        name,
        mspId: this.members[name].spec.mspId,
        roles: this.members[name].spec.roles,
        authorities: this[name].published,
        anchorPeers: [address(this.nodes[name].peer)],
      })),
      orderers: names.map((name) => ({
        member: name,
        node: 'orderer0',
        address: address(this.nodes[name].orderer),
        tlsCertificate: this.nodes[name].orderer.status?.certificates?.[0]?.pem ?? '',
      })),
    };
  }

  /** The bank's request, for its consent as it is now. */
  request(purpose: SigningPurpose, message: Uint8Array): SigningRequest {
    const intent = purpose === 'join-channel' ? this.memberships.bank : this.installation;
    const { name, uid = '', generation = 1 } = intent.metadata;
    return {
      apiVersion,
      kind: 'SigningRequest',
      metadata: metadata('gh-demo--bank', `${purpose}-1`),
      spec: {
        purpose,
        intent: {
          kind: purpose === 'join-channel' ? 'ChannelMembership' : 'ContractInstallation',
          name,
          uid,
          generation,
          digest: specDigest(intent.spec),
        },
        message: Buffer.from(message).toString('base64'),
      },
    };
  }
}
