import type { JsonObject } from '../json.ts';

export interface Cause {
  reason: string;
  message: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** meta/v1 Status, the body of every answer that is not what was asked for. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: JsonObject;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** A refusal, carrying the Status that Kubernetes would send (apimachinery/pkg/api/errors). */
export class ApiFailure extends Error {
  readonly status: Status;

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'ApiFailure';
    this.status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason === undefined ? {} : { reason }), ...(details ? { details } : {}), code };
  }
}

/** What an answer is about: enough of a kind to name it. */
export interface Named {
  group: string;
  plural: string;
  kind: string;
}

export const qualified = (kind: Named): string => (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);
const about = (kind: Named, name?: string): StatusDetails => ({
  ...(name ? { name } : {}),
  ...(kind.group ? { group: kind.group } : {}),
  kind: kind.plural,
});

export const notFound = (kind: Named, name: string): ApiFailure =>
  new ApiFailure(404, 'NotFound', `${qualified(kind)} "${name}" not found`, about(kind, name));

export const noSuchResource = (): ApiFailure =>
  new ApiFailure(404, 'NotFound', 'the server could not find the requested resource', {});

export const alreadyExists = (kind: Named, name: string): ApiFailure =>
  new ApiFailure(409, 'AlreadyExists', `${qualified(kind)} "${name}" already exists`, about(kind, name));

export const conflict = (kind: Named, name: string, why: string): ApiFailure =>
  new ApiFailure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`, about(kind, name));

/** Here Kubernetes names the kind where it names the resource otherwise. */
export const preconditionFailed = (kind: Named, name: string, why: string): ApiFailure => conflict({ ...kind, plural: kind.kind }, name, why);

export const modified = (kind: Named, name: string): ApiFailure =>
  conflict(kind, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const applyConflict = (message: string, causes: Cause[]): ApiFailure =>
  new ApiFailure(409, 'Conflict', message, { causes });

/** What is applied must fit the schema before it is merged; Kubernetes answers this without a reason. */
export const notApplicable = (kind: Named & { version: string }, place: string, errors: string[]): ApiFailure =>
  new ApiFailure(500, undefined, `failed to create typed patch object (${place}; ${kind.group}/${kind.version}, Kind=${kind.kind}): ${errors.length === 1 ? errors[0] : ['errors:', ...errors].join('\n  ')}`);

export const badRequest = (message: string): ApiFailure => new ApiFailure(400, 'BadRequest', message);

export const methodNotAllowed = (kind: Named, action: string): ApiFailure =>
  new ApiFailure(405, 'MethodNotAllowed', `${action} is not supported on resources of kind "${qualified(kind)}"`, about(kind));

export const unsupportedMediaType = (sent: string): ApiFailure =>
  new ApiFailure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: application/json; it was: ${sent}`);

export const unauthorized = (): ApiFailure => new ApiFailure(401, 'Unauthorized', 'Unauthorized');

export function forbidden(kind: Named, name: string, why: string, causes?: Cause[]): ApiFailure {
  const subject = name === '' ? qualified(kind) : `${qualified(kind)} "${name}"`;
  return new ApiFailure(403, 'Forbidden', `${subject} is forbidden: ${why}`, { ...about(kind, name), ...(causes ? { causes } : {}) });
}

export const expired = (message: string): ApiFailure => new ApiFailure(410, 'Expired', message);

export const unavailable = (message: string, retryAfterSeconds: number): ApiFailure =>
  new ApiFailure(503, 'ServiceUnavailable', message, { retryAfterSeconds });

export const internalError = (message: string): ApiFailure =>
  new ApiFailure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ reason: 'InternalError', message }] });

/** One thing wrong with one field (apimachinery/pkg/util/validation/field). */
export interface FieldError {
  type: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueTooLong' | 'FieldValueTooMany'
    | 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueTypeInvalid' | 'FieldValueNotFound' | 'InternalError';
  field: string;
  /** As a cause says it, without the field's path. */
  message: string;
}

export function invalid(kind: Named, name: string, errors: readonly FieldError[]): ApiFailure {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const subject = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiFailure(422, 'Invalid', `${subject} "${name}" is invalid: ${text}`, {
    ...(name ? { name } : {}),
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.kind,
    causes: errors.map(({ type, field, message }) => ({ reason: type, message, field })),
  });
}
