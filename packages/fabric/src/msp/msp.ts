import { type Certificate, PkiError, parseCertificatePem, verifyChain } from '@guildhall/pki';
import { msp } from '@hyperledger/fabric-protos';
import { ConfigError } from '../errors.ts';
import { decode, required, textOf, utf8 } from '../protobuf.ts';
import { requireMspId } from './names.ts';

/** A member as the channel knows it: its certificate authorities, each as one PEM certificate, and its revocations. */
export interface MspDescription {
  readonly mspId: string;
  readonly rootCertificates: readonly string[];
  readonly intermediateCertificates: readonly string[];
  readonly tlsRootCertificates: readonly string[];
  readonly tlsIntermediateCertificates: readonly string[];
  /** CRLs in PEM. Each must name its issuer's key (AuthorityKeyIdentifier), or Fabric refuses every identity of the member. */
  readonly revocationLists?: readonly string[];
}

/** The role of an identity is the one of these words in its OU. */
const NODE_OUS = { Client: 'client', Peer: 'peer', Admin: 'admin', Orderer: 'orderer' } as const;

/**
 * MSPConfig{FabricMSPConfig} with NodeOUs, for a channel. The OU identifiers name no certificate: any CA of the member
 * may certify a role, so that an issuing CA can be replaced without touching them. Certificates are written in one
 * spelling, so the same certificates give the same bytes.
 */
export function encodeMsp(input: MspDescription, path = 'msp'): msp.MSPConfig {
  const description = normalizeMsp(input, path);
  requireMspId(description.mspId, `${path}.mspId`);
  requireAuthorities(description, path);
  const ous = new msp.FabricNodeOUs();
  ous.setEnable(true);
  ous.setClientOuIdentifier(ouIdentifier(NODE_OUS.Client));
  ous.setPeerOuIdentifier(ouIdentifier(NODE_OUS.Peer));
  ous.setAdminOuIdentifier(ouIdentifier(NODE_OUS.Admin));
  ous.setOrdererOuIdentifier(ouIdentifier(NODE_OUS.Orderer));
  const crypto = new msp.FabricCryptoConfig();
  crypto.setSignatureHashFamily('SHA2');
  crypto.setIdentityIdentifierHashFunction('SHA256');

  const config = new msp.FabricMSPConfig();
  config.setName(description.mspId);
  config.setRootCertsList(description.rootCertificates.map(utf8));
  config.setIntermediateCertsList(description.intermediateCertificates.map(utf8));
  config.setTlsRootCertsList(description.tlsRootCertificates.map(utf8));
  config.setTlsIntermediateCertsList(description.tlsIntermediateCertificates.map(utf8));
  config.setRevocationListList((description.revocationLists ?? []).map(utf8));
  config.setFabricNodeOus(ous);
  config.setCryptoConfig(crypto);
  const message = new msp.MSPConfig();
  message.setConfig(config.serializeBinary());
  return message;
}

function ouIdentifier(name: string): msp.FabricOUIdentifier {
  const identifier = new msp.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(name);
  return identifier;
}

export function decodeMsp(message: msp.MSPConfig): MspDescription {
  const config = decode(msp.FabricMSPConfig, message.getConfig_asU8(), 'FabricMSPConfig');
  const text = (list: Uint8Array[]): string[] => list.map((bytes) => required(textOf(bytes), 'certificate in PEM'));
  const revocationLists = text(config.getRevocationListList_asU8());
  return {
    mspId: config.getName(),
    rootCertificates: text(config.getRootCertsList_asU8()),
    intermediateCertificates: text(config.getIntermediateCertsList_asU8()),
    tlsRootCertificates: text(config.getTlsRootCertsList_asU8()),
    tlsIntermediateCertificates: text(config.getTlsIntermediateCertsList_asU8()),
    ...(revocationLists.length === 0 ? {} : { revocationLists }),
  };
}

/** The same MSP with every certificate in its one spelling. */
export function normalizeMsp(description: MspDescription, path: string): MspDescription {
  const normalized = (
    name: 'rootCertificates' | 'intermediateCertificates' | 'tlsRootCertificates' | 'tlsIntermediateCertificates',
  ): string[] => description[name].map((pem, index) => certificateText(pem, `${path}.${name}.${index}`));
  return {
    ...description,
    rootCertificates: normalized('rootCertificates'),
    intermediateCertificates: normalized('intermediateCertificates'),
    tlsRootCertificates: normalized('tlsRootCertificates'),
    tlsIntermediateCertificates: normalized('tlsIntermediateCertificates'),
  };
}

/** A certificate in its one spelling: PEM in lines of 64 characters with a line feed at the end, as Go and OpenSSL write it. */
export function certificateText(pem: string, path: string): string {
  return readCertificate(pem, path).pem;
}

function readCertificate(pem: string, path: string): Certificate {
  try {
    return parseCertificatePem(pem);
  } catch (cause) {
    if (cause instanceof PkiError)
      throw new ConfigError('INVALID_MSP', `This is not a certificate that Fabric accepts: ${cause.message}.`, { path, cause });
    throw cause;
  }
}

/** What Fabric checks when it sets an MSP up (msp/mspimplsetup.go): CAs only, each with a key identifier, one chain each, none twice. */
function requireAuthorities(description: MspDescription, path: string): void {
  for (const [rootsName, intermediatesName] of [
    ['rootCertificates', 'intermediateCertificates'],
    ['tlsRootCertificates', 'tlsIntermediateCertificates'],
  ] as const) {
    const roots = description[rootsName].map((pem, index) => readCertificate(pem, `${path}.${rootsName}.${index}`));
    const intermediates = description[intermediatesName].map((pem, index) => readCertificate(pem, `${path}.${intermediatesName}.${index}`));
    if (roots.length === 0)
      throw new ConfigError('INVALID_MSP', `${description.mspId} needs at least one root certificate.`, { path: `${path}.${rootsName}` });
    const seen = new Set<string>();
    for (const [certificate, name] of [
      ...roots.map((root) => [root, rootsName] as const),
      ...intermediates.map((intermediate) => [intermediate, intermediatesName] as const),
    ]) {
      const refuse = (problem: string): never => {
        throw new ConfigError(
          'INVALID_MSP',
          `A CA certificate of ${description.mspId} (serial number ${certificate.serialNumber}) ${problem}.`,
          { path: `${path}.${name}` },
        );
      };
      if (seen.has(certificate.fingerprint)) refuse('is there twice');
      seen.add(certificate.fingerprint);
      if (certificate.extensions.basicConstraints?.ca !== true) refuse('is not one of a CA');
      if (certificate.extensions.subjectKeyId === undefined) refuse('has no subject key identifier');
    }
    for (const intermediate of intermediates) requireChain(intermediate, roots, intermediates, `${path}.${intermediatesName}`);
  }
}

/** At the moment it became valid: Fabric ignores the clock for its MSPs. */
function requireChain(intermediate: Certificate, roots: readonly Certificate[], intermediates: readonly Certificate[], path: string): void {
  try {
    verifyChain(intermediate, { roots, intermediates, at: intermediate.notBefore });
  } catch (cause) {
    if (cause instanceof PkiError)
      throw new ConfigError('INVALID_MSP', `An issuing CA does not belong to the member's root: ${cause.message}.`, { path, cause });
    throw cause;
  }
}

/** config.yaml of a node's own MSP folder; it says the same as the channel's MSP does. */
export const NODE_OUS_YAML = `NodeOUs:
  Enable: true
${Object.entries(NODE_OUS)
  .map(([role, ou]) => `  ${role}OUIdentifier:\n    OrganizationalUnitIdentifier: ${ou}\n`)
  .join('')}`;

/** The files of a node's local MSP folder besides its key (keystore/), by relative path. */
export function localMspFiles(description: MspDescription, certificate: string): Readonly<Record<string, string>> {
  const folder = (name: string, pems: readonly string[]): [string, string][] =>
    pems.map((pem, index) => [`${name}/${index}.pem`, certificateText(pem, name)]);
  return Object.fromEntries([
    ['config.yaml', NODE_OUS_YAML],
    ['signcerts/cert.pem', certificateText(certificate, 'signcerts')],
    ...folder('cacerts', description.rootCertificates),
    ...folder('intermediatecerts', description.intermediateCertificates),
    ...folder('tlscacerts', description.tlsRootCertificates),
    ...folder('tlsintermediatecerts', description.tlsIntermediateCertificates),
  ]);
}
