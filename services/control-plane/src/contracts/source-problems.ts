import { ApiProblem, type Problem } from '../errors.ts';
import type { ContractSource, SourceProblem } from './catalogue.ts';

/** Refuses a source; errors come before warnings, so that the first, which speaks for all, is one. */
export function refuseSource(source: ContractSource, problems: readonly SourceProblem[]): never {
  const rank = ({ severity }: SourceProblem): number => (severity === 'error' ? 0 : 1);
  const [first, ...rest] = problems.toSorted((a, b) => rank(a) - rank(b)).map((problem) => inInput(source, problem));
  if (first === undefined) throw new Error('a source was refused without a problem');
  throw new ApiProblem([first, ...rest]);
}

function inInput({ files }: ContractSource, { severity, rule, message, nextAction, file, line, column }: SourceProblem): Problem {
  const index = files.findIndex(({ path }) => path === file);
  if (index < 0) return { code: 'INVALID_INPUT', path: 'source', message: `source: ${rule}: ${message}`, nextAction, severity, rule };
  return { code: 'INVALID_INPUT', path: `source.files[${index}]`, message: `${file}:${line}:${column} ${rule}: ${message}`, nextAction, severity, rule, file, line, column };
}
