/** Something in a contract's source that keeps it from being built, at a place counted from 1. */
export interface Problem {
  readonly rule:
    | 'build'
    | 'clock'
    | 'randomness'
    | 'input-output'
    | 'locale'
    | 'float'
    | 'module-state'
    | 'dynamic-code'
    | 'unknown-global';
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What reads code calls itself for what lies within, so the stack has the last word. */
export const tooDeep = 'an expression is nested too deeply to be read';

export const formatProblem = ({ file, line, column, rule, message }: Problem): string =>
  `${file === '' ? '' : `${file}:${line}:${column} `}${rule}: ${message}`;

export class BuildError extends Error {
  readonly code = 'CONTRACT_NOT_BUILDABLE';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`the contract cannot be built:\n${problems.map(formatProblem).join('\n')}`);
    this.name = 'BuildError';
    this.problems = problems;
  }
}
