import { localMspFiles } from '@guildhall/fabric/msp';
import { parseCertificatePem, valuesOf, type Certificate } from '@guildhall/pki';
import { annotations, type ClientIdentity, type Member } from '@guildhall/resources';
import { ApiProblem } from '../errors.ts';
import { ownerOf } from '../projections/cluster-view.ts';

/** An application's certificate, as far as everybody may see it. */
export interface IssuedIdentity {
  id: string;
  consortium: string;
  member: string;
  name: string;
  mspId: string;
  roles: readonly string[];
  certificate: Certificate;
  chain: string;
  createdAt: string;
  /** Undefined for one that was made by another way than the API. */
  createdBy: string | undefined;
}

/** Undefined while there is no certificate. */
export function issuedIdentity(object: ClientIdentity): IssuedIdentity | undefined {
  const owner = ownerOf(object);
  const { metadata, spec, status } = object;
  if (owner?.member === undefined || status?.certificate === undefined) return undefined;
  const certificate = parseCertificatePem(status.certificate);
  return {
    id: metadata.uid ?? '',
    consortium: owner.consortium,
    member: owner.member,
    name: metadata.name,
    mspId: valuesOf(certificate.subject, 'O')[0] ?? '',
    roles: spec.roles,
    certificate,
    chain: status.chain ?? status.certificate,
    createdAt: metadata.creationTimestamp ?? certificate.notBefore.toISOString(),
    createdBy: metadata.annotations?.[annotations.createdBy],
  };
}

export interface TextFile {
  path: string;
  text: string;
}

export const filesOf = (files: Readonly<Record<string, string>>): TextFile[] => Object.entries(files).map(([path, text]) => ({ path, text }));

/** The folder that Fabric's tools take as a client's MSP, but for the key. */
export function mspFolder({ mspId, certificate }: IssuedIdentity, member: Member | undefined): TextFile[] {
  const authority = member?.status?.certificateAuthority;
  if (!authority) {
    throw new ApiProblem({ code: 'CONFLICT', message: "the member's certificate authority is not there", nextAction: 'wait until the member is ready' });
  }
  const { signing, tls } = authority;
  const files = localMspFiles(
    { mspId, rootCertificates: [signing.root], intermediateCertificates: [signing.issuing], tlsRootCertificates: [tls.root], tlsIntermediateCertificates: [tls.issuing] },
    certificate.pem,
  );
  return filesOf(files);
}
