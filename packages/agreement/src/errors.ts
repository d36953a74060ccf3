export type AgreementErrorCode =
  /** Something that the agreement names is not published yet. */
  | 'INCOMPLETE'
  /** Fabric has no form for what was agreed. */
  | 'NOT_POSSIBLE';

export class AgreementError extends Error {
  override readonly name = 'AgreementError';
  readonly code: AgreementErrorCode;

  constructor(code: AgreementErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
