import { customResourceDefinitions, namespaces, type KubernetesClient } from '@guildhall/kubernetes';
import { createInMemoryCluster, systemPrincipal, type Cluster } from '@guildhall/local-cluster';
import { parseCertificateRequest } from '@guildhall/pki';
import {
  certificateRequest,
  channel,
  channelMembership,
  componentRoles,
  consortium,
  consortiumNamespace,
  contract,
  contractInstallation,
  crd,
  kinds,
  labels,
  member,
  memberNamespace,
  node,
  rulesWithNamespaces,
  specDigest,
  type CertificateRequest,
} from '@guildhall/resources';
import type { TestMember } from '../../../packages/fabric/test/nodes/member.ts';

export const CONSORTIUM = 'trade-finance';
const CHANNEL = 'trade';
const namespace = consortiumNamespace(CONSORTIUM);
const digest = `sha256:${'ab'.repeat(32)}`;

export interface DescribedNode {
  readonly name: string;
  readonly role: 'peer' | 'orderer';
  readonly endpoint: string;
}

export interface DescribedMember {
  readonly name: string;
  readonly material: Pick<TestMember, 'mspId' | 'signing' | 'tls' | 'adminEndpoint'>;
  readonly applicationRoles: readonly string[];
  readonly nodes: readonly DescribedNode[];
}

/** A consortium as the other components would have written it, in a cluster of this process, and the gateway's own rights in it. */
export interface DescribedConsortium {
  readonly gatewayClient: KubernetesClient;
  readonly administrator: KubernetesClient;
  /** Names of the client certificates that were asked for, `member/role`. */
  readonly asked: readonly string[];
  close(): void;
}

export async function describeConsortium(members: readonly DescribedMember[], contractName: string): Promise<DescribedConsortium> {
  const cluster = await createInMemoryCluster({ clock: { now: () => Date.now() } });
  const administrator = cluster.connect(systemPrincipal, { fieldManager: 'test' });
  for (const kind of kinds) await administrator.apply(customResourceDefinitions, crd(kind) as never);
  for (const name of [namespace, ...members.map((each) => memberNamespace(CONSORTIUM, each.name))])
    await administrator.create(namespaces, { metadata: { name } });
  await describeAgreement(administrator, members, contractName);
  for (const each of members) await describeMember(administrator, each, contractName);

  const asked: string[] = [];
  const stop = new AbortController();
  const authority = serveCertificates(administrator, members, asked, stop.signal);
  authority.catch((error: unknown) => {
    throw error;
  });
  return { gatewayClient: connectGateway(cluster), administrator, asked, close: () => stop.abort() };
}

function connectGateway(cluster: Cluster): KubernetesClient {
  return cluster.connect({
    name: 'guildhall-ledger-gateway',
    rules: rulesWithNamespaces(componentRoles.ledgerGateway),
  });
}

async function describeAgreement(client: KubernetesClient, members: readonly DescribedMember[], contractName: string): Promise<void> {
  const endorsing = members.filter(({ nodes }) => nodes.some(({ role }) => role === 'peer'));
  const orderers = members.flatMap((each) =>
    each.nodes.filter(({ role }) => role === 'orderer').map(({ name }) => ({ member: each.name, node: name })),
  );
  await client.apply(consortium.type, {
    metadata: { namespace, name: CONSORTIUM },
    spec: {
      ledger: { engine: 'fabric', version: '3.1' },
      members: members.map((each) => ({ name: each.name, mspId: each.material.mspId, namespace: memberNamespace(CONSORTIUM, each.name) })),
    },
  });
  await client.apply(channel.type, {
    metadata: { namespace, name: CHANNEL },
    spec: { members: endorsing.map(({ name }) => ({ name })), orderers },
  });
  const made = await client.apply(contract.type, {
    metadata: { namespace, name: contractName },
    spec: { channel: CHANNEL, version: '1.0.0', artifactDigest: digest },
  });
  await client.applyStatus(contract.type, {
    metadata: made.metadata,
    status: { committed: { sequence: 1, version: '1.0.0', endorsementPolicy: '' } },
  });
}

async function describeMember(
  client: KubernetesClient,
  { name, material, applicationRoles, nodes }: DescribedMember,
  contractName: string,
): Promise<void> {
  const own = memberNamespace(CONSORTIUM, name);
  const peers = nodes.filter(({ role }) => role === 'peer').map((each) => each.name);
  const made = await client.apply(member.type, {
    metadata: { namespace: own, name },
    spec: {
      consortium: { namespace, name: CONSORTIUM },
      mspId: material.mspId,
      roles: peers.length > 0 ? ['endorsing'] : ['ordering'],
      applicationRoles: [...applicationRoles],
    },
  });
  const { root: signingRoot, issuing: signingIssuing } = material.signing;
  await client.applyStatus(member.type, {
    metadata: made.metadata,
    status: {
      certificateAuthority: {
        signing: { root: signingRoot, issuing: signingIssuing },
        tls: { root: material.tls.root, issuing: material.tls.issuing },
        adminEndpoint: { root: material.adminEndpoint.root },
        admin: { certificate: signingIssuing },
      },
    },
  });
  for (const each of nodes) {
    const { metadata } = await client.apply(node.type, {
      metadata: { namespace: own, name: each.name },
      spec: { member: name, role: each.role },
    });
    await client.applyStatus(node.type, { metadata, status: { endpoint: each.endpoint } });
  }
  if (peers.length === 0) return;
  const channelRef = { namespace, name: CHANNEL };
  await client.apply(channelMembership.type, {
    metadata: { namespace: own, name: CHANNEL },
    spec: { channel: channelRef, channelDigest: specDigest({}), peers, orderers: [], anchorPeers: [] },
  });
  await client.apply(contractInstallation.type, {
    metadata: { namespace: own, name: contractName },
    spec: { contract: { namespace, name: contractName }, contractDigest: specDigest({}), artifactDigest: digest, peers },
  });
}

/** Answers requests for client certificates by the rules of the certificate authority that matter here. */
async function serveCertificates(
  client: KubernetesClient,
  members: readonly DescribedMember[],
  asked: string[],
  signal: AbortSignal,
): Promise<void> {
  const { items, resourceVersion } = await client.list(certificateRequest.type);
  const answer = async (request: CertificateRequest): Promise<void> => {
    const owner = members.find((each) => memberNamespace(CONSORTIUM, each.name) === request.metadata.namespace);
    if (
      !owner ||
      request.status?.conditions ||
      request.spec.profile !== 'client' ||
      request.metadata.labels?.[labels.component] !== 'ledger-gateway'
    )
      return;
    const { role } = request.spec;
    asked.push(`${owner.name}/${role ?? ''}`);
    const condition = (type: 'Ready' | 'Stalled', status: 'True' | 'False', reason: 'Issued' | 'Denied', message: string) => ({
      type,
      status,
      reason,
      message,
      lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
    });
    if (role !== undefined && !owner.applicationRoles.includes(role)) {
      const message = `Member ${owner.name} does not act as ${role}`;
      await client.applyStatus(certificateRequest.type, {
        metadata: request.metadata,
        status: { conditions: [condition('Ready', 'False', 'Denied', message), condition('Stalled', 'True', 'Denied', message)] },
      });
      return;
    }
    const { publicKey } = parseCertificateRequest(request.spec.csr);
    const subject = [
      { type: 'OU' as const, value: 'client' },
      { type: 'CN' as const, value: 'client' },
    ];
    const certificate = await owner.material.signing.certify(
      publicKey,
      subject,
      'identity',
      role === undefined ? {} : { attributes: { 'gh.role': role } },
    );
    await client.applyStatus(certificateRequest.type, {
      metadata: request.metadata,
      status: { certificate, chain: owner.material.signing.issuing, conditions: [condition('Ready', 'True', 'Issued', 'issued')] },
    });
  };
  for (const request of items) await answer(request);
  for await (const event of client.watch(certificateRequest.type, { resourceVersion, signal })) {
    if (event.type === 'ADDED') await answer(event.object);
  }
}
