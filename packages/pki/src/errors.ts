export type PkiErrorCode =
  | 'TOO_LARGE'
  | 'PEM_MALFORMED'
  | 'DER_MALFORMED'
  | 'ALGORITHM_NOT_ALLOWED'
  | 'FIELD_NOT_SUPPORTED'
  | 'DUPLICATE_EXTENSION'
  | 'SIGNATURE_INVALID'
  | 'PROOF_OF_POSSESSION_FAILED'
  | 'TEMPLATE_INVALID'
  | 'CHAIN_INVALID';

/** The message says what is wrong, where, and what to do; it never contains key material. */
export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PkiError';
    this.code = code;
  }
}
