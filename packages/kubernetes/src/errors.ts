/** metav1.Status, as far as errors need it. */
export interface Status {
  kind?: string;
  status?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: { name?: string; group?: string; kind?: string; causes?: { reason?: string; message?: string; field?: string }[]; retryAfterSeconds?: number };
}

/** The API server answered with an error. `reason` is its own (`NotFound`, `Conflict`, `Expired`, `Invalid` ...). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  readonly details?: Status['details'];
  readonly retryAfterSeconds?: number;

  constructor(status: number, reason: string, message: string, more: { details?: Status['details']; retryAfterSeconds?: number } = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    if (more.details !== undefined) this.details = more.details;
    if (more.retryAfterSeconds !== undefined) this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

export type TransportErrorCode =
  /** No connection: the request was not sent. */
  | 'Unreachable'
  /** The connection broke: whether the request was carried out is unknown. */
  | 'Interrupted'
  /** No answer in time: whether the request was carried out is unknown. */
  | 'Timeout'
  /** The answer is not what the protocol says (not JSON, not a list ...). */
  | 'BadResponse'
  /** A line of a stream is longer than the cap. */
  | 'TooLarge'
  /** The token file cannot be read. */
  | 'NoCredentials';

/** There is no (usable) answer of the API server. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const isApiError = (error: unknown, status: number): error is ApiError => error instanceof ApiError && error.status === status;

export const isNotFound = (error: unknown): error is ApiError => isApiError(error, 404);
/** A patch with the uid of an object that has been replaced by another of its name: the API server takes it for a change of the uid. */
export const isOtherUid = (error: unknown): error is ApiError =>
  isApiError(error, 422) && error.details?.causes?.some(({ field }) => field === 'metadata.uid') === true;

/** Somebody else changed the object or owns the field, or a precondition on uid or resourceVersion does not hold. */
export const isConflict = (error: unknown): error is ApiError =>
  (isApiError(error, 409) && error.reason !== 'AlreadyExists') || isOtherUid(error);
export const isAlreadyExists = (error: unknown): error is ApiError => isApiError(error, 409) && error.reason === 'AlreadyExists';
/** The resourceVersion or continue token is too old: list again. */
export const isGone = (error: unknown): error is ApiError => isApiError(error, 410);
/** Server-side apply of a field that the schema does not have: the API server (1.34) answers 500. */
const isUndeclaredField = (error: unknown): error is ApiError => isApiError(error, 500) && error.message.includes('field not declared in schema');

/** Validation refused the object: sending it again cannot help. */
export const isInvalid = (error: unknown): error is ApiError =>
  (isApiError(error, 422) && !isOtherUid(error)) || isApiError(error, 400) || isUndeclaredField(error);
export const isForbidden = (error: unknown): error is ApiError => isApiError(error, 403);

const reasonOfStatus: Record<number, string> = {
  400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 405: 'MethodNotAllowed', 409: 'Conflict', 410: 'Expired',
  413: 'RequestEntityTooLarge', 415: 'UnsupportedMediaType', 422: 'Invalid', 429: 'TooManyRequests', 500: 'InternalError',
  503: 'ServiceUnavailable', 504: 'Timeout',
};

/** `call` names the request in words (verb, kind, object): never its body, which may be a secret. */
export function apiErrorOf(httpStatus: number, body: Status | undefined, call: string, retryAfterSeconds?: number): ApiError {
  const reason = body?.reason ?? reasonOfStatus[httpStatus] ?? 'Unknown';
  const seconds = retryAfterSeconds ?? body?.details?.retryAfterSeconds;
  return new ApiError(httpStatus, reason, `${call}: ${httpStatus} ${reason}${body?.message ? `: ${body.message}` : ''}`, {
    ...(body?.details ? { details: body.details } : {}),
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}
