import { formatName, parseCertificatePem } from '@guildhall/pki';
import type { ClientIdentity, Member, Node } from '@guildhall/resources';
import { ownerOf, type ClusterObject } from '../projections/cluster-view.ts';

/** What a certificate is for: of a member's certificate authority, of its administrator, of an application, or of one of its nodes. */
export const certificateUses = ['signingRoot', 'signingIssuing', 'tlsRoot', 'tlsIssuing', 'adminEndpointRoot', 'admin', 'client', 'identity', 'tls'] as const;
export type CertificateUse = (typeof certificateUses)[number];

export interface ListedCertificate {
  member: string;
  /** The node that it is of; undefined for the member's own. */
  node: string | undefined;
  use: CertificateUse;
  subject: string;
  issuer: string;
  serial: string;
  sha256: string;
  notBefore: Date;
  notAfter: Date;
  pem: string;
}

function listed(member: string, node: string | undefined, use: CertificateUse, pem: string): ListedCertificate {
  const { subject, issuer, serialNumber, fingerprint, notBefore, notAfter } = parseCertificatePem(pem);
  return { member, node, use, subject: formatName(subject), issuer: formatName(issuer), serial: serialNumber, sha256: fingerprint, notBefore, notAfter, pem };
}

function ofMember({ metadata, status }: Member): ListedCertificate[] {
  const authority = status?.certificateAuthority;
  if (!authority) return [];
  const { signing, tls, adminEndpoint, admin } = authority;
  const own: [CertificateUse, string][] = [
    ['signingRoot', signing.root],
    ['signingIssuing', signing.issuing],
    ['tlsRoot', tls.root],
    ['tlsIssuing', tls.issuing],
    ['adminEndpointRoot', adminEndpoint.root],
    ['admin', admin.certificate],
  ];
  return own.map(([use, pem]) => listed(metadata.name, undefined, use, pem));
}

const ofNode = (node: Node): ListedCertificate[] =>
  (node.status?.certificates ?? []).map(({ use, pem }) => listed(ownerOf(node)?.member ?? node.spec.member, node.metadata.name, use, pem));

function ofApplication(identity: ClientIdentity): ListedCertificate[] {
  const [member, pem] = [ownerOf(identity)?.member, identity.status?.certificate];
  return member === undefined || pem === undefined ? [] : [listed(member, undefined, 'client', pem)];
}

/** Every certificate of the members of a consortium, the one that expires first first. */
export function certificatesOf(objects: readonly ClusterObject[]): ListedCertificate[] {
  const found = objects.flatMap((object) => {
    if (object.kind === 'Member') return ofMember(object as Member);
    if (object.kind === 'ClientIdentity') return ofApplication(object as ClientIdentity);
    return object.kind === 'Node' ? ofNode(object as Node) : [];
  });
  return found.toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
}
