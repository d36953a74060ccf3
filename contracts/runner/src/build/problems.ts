/** Where in a contract's source; counted from 1. No file: about the contract as a whole. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What somebody who writes a contract can do about each sort of problem. */
const nextActions = {
  build: 'correct the source at this place',
  type: 'make the types agree; contractInterface tells what @guildhall/contract-base offers',
  clock: 'take the time from the call: effects, guards and reads are given it',
  randomness: 'let the caller send the value as an argument, or derive it from what is on the ledger',
  'input-output': 'let the caller send as an argument what the contract needs to know',
  locale: 'compare and write texts by their characters, without a locale',
  float: 'count in whole units (as money does), or use BigInt',
  'module-state': 'keep it in a record on the ledger, or in a variable of the function',
  'dynamic-code': 'write the code out',
  'unknown-global': "use the language's own objects, a file of your own, or @guildhall/contract-base",
} as const;

export type Rule = keyof typeof nextActions;

/** Something in a contract's source. An error keeps it from being built, a warning does not. */
export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  readonly rule: Rule;
  readonly message: string;
  readonly nextAction: string;
}

export const nowhere: Place = { file: '', line: 0, column: 0 };

export const problemAt = ({ file, line, column }: Place, rule: Rule, message: string, severity: Problem['severity'] = 'error'): Problem => ({
  severity,
  rule,
  message,
  file,
  line,
  column,
  nextAction: nextActions[rule],
});

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
