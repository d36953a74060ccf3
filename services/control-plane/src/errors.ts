/** Every code that an answer of the API may carry. */
export const errorCodes = {
  UNAUTHENTICATED: 'neither a valid token nor an open session came with the request',
  FORBIDDEN: 'the caller may not do this',
  NOT_FOUND: 'it does not exist, or not for the caller',
  INVALID_INPUT: 'a value is missing, malformed or contradicts another',
  NOT_YET: 'Guildhall does not do this yet',
  DUPLICATE: 'the name or id is taken',
  IDEMPOTENCY_CONFLICT: 'the idempotency key was used for another request',
  BUSY: 'another operation is changing the consortium',
  CONFLICT: 'the state does not allow it',
  CONFIRMATION_NEEDED: 'what would be lost was not confirmed',
  INSUFFICIENT_RESOURCES: 'there is too little memory or disk',
  CONTRACT_REFUSED: 'the contract refused the transaction',
  TRANSACTION_REFUSED: 'the ledger refused the transaction',
  LEDGER_UNAVAILABLE: 'peers or orderers do not answer',
  UNAVAILABLE: 'a part of Guildhall does not answer',
  UNKNOWN_DOCUMENT: 'this Guildhall’s console has no document of this id',
  TOO_MANY_ATTEMPTS: 'too many sign-ins have failed',
  TOO_COSTLY: 'the query asks for too much at once',
  INTERNAL: 'something went wrong inside Guildhall',
} as const;
export type ErrorCode = keyof typeof errorCodes;

export interface Problem {
  code: ErrorCode;
  /** Where in the input, as in members[1].mspId. */
  path?: string;
  message: string;
  nextAction: string;
  /** Of a problem in a contract's source: where in it, and by which rule. A warning alone refuses nothing. */
  severity?: 'error' | 'warning';
  rule?: string;
  file?: string;
  line?: number;
  column?: number;
}

/** What a caller is told. The first problem speaks for all; the others come along so that a form can show each at its field. */
export class ApiProblem extends Error {
  readonly problems: readonly [Problem, ...Problem[]];
  readonly details: Readonly<Record<string, unknown>>;
  constructor(problems: Problem | readonly [Problem, ...Problem[]], options?: ErrorOptions & { details?: Record<string, unknown> }) {
    const all = 'code' in problems ? ([problems] as const) : problems;
    super(all[0].message, options);
    this.name = 'ApiProblem';
    this.problems = all;
    this.details = options?.details ?? {};
  }
}

export const notFound = (what: string, path: string): ApiProblem =>
  new ApiProblem({ code: 'NOT_FOUND', path, message: `${path}: there is no such ${what}`, nextAction: 'check the id or the name' });

export const unauthenticated = (): ApiProblem =>
  new ApiProblem({
    code: 'UNAUTHENTICATED',
    message: 'no valid token came with the request',
    nextAction: 'send the header "Authorization: Bearer <token>"; on one machine it is in the file admin-token of GUILDHALL_HOME, on Kubernetes the program admin-token of the control plane makes one',
  });

export const signedOut = (): ApiProblem =>
  new ApiProblem({ code: 'UNAUTHENTICATED', message: 'nobody is signed in here: the session has ended, or there was none', nextAction: 'sign in again' });

export const forbidden = (): ApiProblem =>
  new ApiProblem({ code: 'FORBIDDEN', message: 'the caller may not do this', nextAction: 'ask an administrator' });

export const unavailable = (message = 'a part of Guildhall does not answer', options?: ErrorOptions): ApiProblem =>
  new ApiProblem({ code: 'UNAVAILABLE', message, nextAction: 'try again in a few seconds; what was begun goes on by itself' }, options);

/** Throws when there are problems, with all of them. */
export function refuse(problems: readonly Problem[]): void {
  const [first, ...rest] = problems;
  if (first) throw new ApiProblem([first, ...rest]);
}
