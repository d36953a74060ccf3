export { createCertificateAuthority, type CertificateAuthority, type CertificateAuthorityOptions } from './certificate-authority.ts';
export { openKeyFile, readKeyFile, type KeyEncryptionKey } from './custody/key-encryption-key.ts';
export { openKeySecret } from './custody/key-secret.ts';
export type { SealedPlace } from './custody/envelope.ts';
export { CertificateAuthorityError, type CertificateAuthorityErrorCode } from './errors.ts';
