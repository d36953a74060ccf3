/** What is wrong, where, and what to do next; as docs/api.md describes the extensions of an error. */
export interface ApiProblem {
  code: string;
  message: string;
  nextAction?: string;
  /** Where in the input, as in members[1].mspId. */
  path?: string;
  /** What the contract said, of a transaction that it refused. */
  contract?: { code: string; path?: string };
}

/** A request that was not answered with data. */
export class RequestFailed extends Error {
  readonly problems: readonly [ApiProblem, ...ApiProblem[]];
  constructor(problems: readonly [ApiProblem, ...ApiProblem[]], options?: ErrorOptions) {
    super(problems[0].message, options);
    this.name = 'RequestFailed';
    this.problems = problems;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function toProblem(value: unknown): ApiProblem | undefined {
  if (!isRecord(value)) return undefined;
  const [code, message, nextAction, path] = [text(value['code']), text(value['message']), text(value['nextAction']), text(value['path'])];
  if (message === undefined) return undefined;
  return { code: code ?? 'INTERNAL', message, ...(nextAction ? { nextAction } : {}), ...(path ? { path } : {}) };
}

function refusalOf(extensions: Record<string, unknown>): Pick<ApiProblem, 'contract'> {
  const said = extensions['contract'];
  const code = isRecord(said) ? text(said['code']) : undefined;
  if (!isRecord(said) || code === undefined) return {};
  const path = text(said['path']);
  return { contract: { code, ...(path ? { path } : {}) } };
}

/** All problems that the errors of an answer tell of. */
export function problemsOfErrors(errors: readonly unknown[]): ApiProblem[] {
  return errors.flatMap((error) => {
    if (!isRecord(error)) return [];
    const extensions = isRecord(error['extensions']) ? error['extensions'] : {};
    const listed = Array.isArray(extensions['problems']) ? extensions['problems'].map(toProblem).filter((problem) => problem !== undefined) : [];
    if (listed.length > 0) return listed.map((problem) => ({ ...problem, ...refusalOf(extensions) }));
    const one = toProblem({ ...extensions, message: error['message'] });
    return one ? [{ ...one, ...refusalOf(extensions) }] : [];
  });
}

export const unreachable = (cause: unknown): RequestFailed =>
  new RequestFailed([{ code: 'UNREACHABLE', message: 'Guildhall does not answer' }], { cause });

export function problemsOf(error: unknown): readonly [ApiProblem, ...ApiProblem[]] {
  if (error instanceof RequestFailed) return error.problems;
  return [{ code: 'CONSOLE', message: error instanceof Error ? error.message : String(error) }];
}

const passing = new Set(['UNREACHABLE', 'UNAVAILABLE', 'LEDGER_UNAVAILABLE', 'INTERNAL']);

/** Whether the same request may well succeed a little later. */
export const isPassing = (problem: ApiProblem): boolean => passing.has(problem.code);
