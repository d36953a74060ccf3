import { checkTypes } from '../types/compiler.ts';
import { createTurns } from '../turns.ts';
import type { TypeProblem } from '../types/find-type-problems.ts';
import { buildContract, type BuiltContract } from './build-contract.ts';
import type { SourceFiles } from './bundle.ts';
import { BuildError, type Problem } from './problems.ts';

export interface CheckedContract {
  /** In order of files and lines; what is about the whole comes first. */
  readonly problems: readonly Problem[];
  /** Absent when a problem is an error. */
  readonly built?: BuiltContract;
}

/** Each takes a processor for about a second. */
const inTurn = createTurns(2);

/** Checks types and what would not run the same everywhere, builds, and tells everything that it found at once. */
export const checkContract = (source: SourceFiles): Promise<CheckedContract> =>
  inTurn(async () => {
    const [types, built] = await Promise.all([orProblems(checkTypes(source.files)), orProblems(buildContract(source))]);
    const found = 'problems' in built ? built.problems : built.result.warnings;
    const ofTypes = 'problems' in types ? types.problems : withoutRepetition(types.result, found);
    const problems = [...found, ...ofTypes].toSorted(byPlace);
    return 'problems' in built || problems.some(({ severity }) => severity === 'error') ? { problems } : { problems, built: built.result };
  });

async function orProblems<T>(work: Promise<T>): Promise<{ result: T } | { problems: readonly Problem[] }> {
  try {
    return { result: await work };
  } catch (error) {
    if (error instanceof BuildError) return { problems: error.problems };
    throw error;
  }
}

/** One mistake is told once, by the one who says more of it. */
function withoutRepetition(types: readonly TypeProblem[], told: readonly Problem[]): Problem[] {
  const sameLine = (one: Problem, other: Problem): boolean => one.file === other.file && one.line === other.line;
  const isTold = ({ problem, syntax, unknownName }: TypeProblem): boolean =>
    told.some((other) => sameLine(problem, other) && (syntax ? other.rule === 'build' : other.column === problem.column && (unknownName || other.rule === 'build')));
  return types.filter((each) => !isTold(each)).map(({ problem }) => problem);
}

const byPlace = (a: Problem, b: Problem): number => compare(a.file, b.file) || a.line - b.line || a.column - b.column;
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
