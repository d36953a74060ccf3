export { PkiError, type PkiErrorCode } from './errors.ts';
export { decodePem, decodePemBundle, encodePem, type PemLabel } from './pem.ts';
export type { CurveName } from './curves.ts';
export { generateKeyPair, subjectKeyIdentifier, type KeyPair } from './keys.ts';
export { createSigner, verifySignature, type CertificateSigner } from './signature.ts';
export { formatName, valuesOf, type Name, type NameAttribute, type NamePart } from './name.ts';
export type { AlternativeName, BasicConstraints, ExtendedKeyUsage, Extensions, KeyUsage } from './extensions.ts';
export type { ParsedExtensions } from './extension-parser.ts';
export {
  authorityExtensions,
  issueCertificate,
  selfSignCertificate,
  type CertificateTemplate,
  type IssuanceContext,
  type Issuer,
} from './certificate.ts';
export { parseCertificate, parseCertificatePem, type Certificate } from './certificate-parser.ts';
export { createCertificateRequest, maximumRequestSize, parseCertificateRequest, type CertificateRequest } from './certificate-request.ts';
export { verifyChain, type ChainOptions } from './chain.ts';
