import type { ObjectMeta, Service } from '@guildhall/kubernetes';
import {
  apiVersion,
  certificateRequest,
  clientIdentity,
  contractInstallation,
  labels,
  member,
  node,
  type CertificateRequest,
  type ClientIdentity,
  type ContractInstallation,
  type Member,
  type Node,
} from '@guildhall/resources';

export const bankNamespace = 'gh-demo--bank';

const metadata = (name: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({
  name,
  namespace: bankNamespace,
  uid: `uid-of-${name}`,
  generation: 1,
  ...more,
});

/** Objects as the API server would hand them out: with their defaults. */
export const aMember = (spec: Partial<Member['spec']> = {}): Member => ({
  apiVersion,
  kind: member.type.kind,
  metadata: metadata('bank'),
  spec: {
    consortium: { namespace: 'gh-demo', name: 'demo' },
    mspId: 'BankMSP',
    roles: ['endorsing', 'ordering'],
    certificateAuthority: 'hosted',
    applicationRoles: ['bank', 'auditor'],
    ...spec,
  },
});

export const aNode = (name: string, role: 'peer' | 'orderer', more: Partial<Node['spec']> = {}, meta: Partial<ObjectMeta> = {}): Node => ({
  apiVersion,
  kind: node.type.kind,
  metadata: metadata(name, meta),
  spec: { member: 'bank', role, version: '3.1', storage: { size: '10Gi' }, exposure: 'Local', ...more },
});

export const aService = (
  name: string,
  spec: Service['spec'],
  serviceLabels: Record<string, string> = { [labels.node]: name },
): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, { labels: serviceLabels }),
  spec,
});

export const anInstallation = (name: string): ContractInstallation => ({
  apiVersion,
  kind: contractInstallation.type.kind,
  metadata: metadata(name),
  spec: {
    contract: { namespace: 'gh-demo', name },
    contractDigest: `sha256:${'0'.repeat(64)}`,
    artifactDigest: `sha256:${'1'.repeat(64)}`,
    peers: ['peer0'],
  },
});

export const aRequest = (spec: CertificateRequest['spec'], meta: Partial<ObjectMeta> = {}): CertificateRequest => ({
  apiVersion,
  kind: certificateRequest.type.kind,
  metadata: metadata('request', meta),
  spec,
});

export const aClientIdentity = (name: string, spec: Partial<ClientIdentity['spec']>): ClientIdentity => ({
  apiVersion,
  kind: clientIdentity.type.kind,
  metadata: metadata(name),
  spec: { csr: '', roles: [], validDays: 90, ...spec },
});
