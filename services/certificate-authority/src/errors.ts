export type CertificateAuthorityErrorCode =
  /** The key-encryption key cannot be read, or is not the one that the data was encrypted with. */
  | 'KEY_ENCRYPTION_KEY_UNUSABLE'
  /** A sealed value does not open: it was changed, or belongs to another row. */
  | 'SEALED_VALUE_UNREADABLE'
  /** The member has no authorities yet, or not this one. */
  | 'AUTHORITY_MISSING'
  /** What is stored contradicts what is asked for. */
  | 'STATE_CONTRADICTS'
  /** PostgreSQL does not take the schema's migrations. */
  | 'DATABASE_UNUSABLE';

/** The message says what is wrong, where, and what to do next; it never contains key material. */
export class CertificateAuthorityError extends Error {
  readonly code: CertificateAuthorityErrorCode;

  constructor(code: CertificateAuthorityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateAuthorityError';
    this.code = code;
  }
}
