import { DiagnosticCategory, type Diagnostic } from 'typescript/unstable/async';
import { problemAt, type Problem } from '../build/problems.ts';
import { compile } from './compile.ts';
import { sourceFolder } from './compiler-files.ts';

/** 1000 to 1999: the text is no TypeScript. */
export const isSyntax = ({ code }: { readonly code: number }): boolean => code >= 1000 && code < 2000;
/** Names that nothing has: the check of what would not run the same everywhere says more of those of other platforms. */
const unknownNames = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593]);

export interface TypeProblem {
  readonly problem: Problem;
  readonly syntax: boolean;
  readonly unknownName: boolean;
}

/** What the compiler says about these files. */
export const findTypeProblems = (files: Readonly<Record<string, string>>): Promise<TypeProblem[]> =>
  compile(files, async ({ program }) => {
    const found = await Promise.all([program.getSyntacticDiagnostics(), program.getBindDiagnostics(), program.getSemanticDiagnostics()]);
    return found.flat().flatMap((diagnostic) => {
      const path = diagnostic.fileName?.startsWith(`${sourceFolder}/`) ? diagnostic.fileName.slice(sourceFolder.length + 1) : undefined;
      const text = path === undefined ? undefined : files[path];
      // A source may upset the base's own types; where it does so it is told of itself.
      if (path === undefined || text === undefined) return [];
      const severity = diagnostic.category === DiagnosticCategory.Error && diagnostic.reportsUnnecessary !== true ? 'error' : 'warning';
      const problem = problemAt({ file: path, ...lineAndColumn(text, diagnostic.pos) }, isSyntax(diagnostic) ? 'build' : 'type', messageOf(diagnostic), severity);
      return [{ problem, syntax: isSyntax(diagnostic), unknownName: unknownNames.has(diagnostic.code) }];
    });
  });

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const lines = text.slice(0, position).split(/\r\n|[\n\r\u2028\u2029]/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const maxMessageCharacters = 2000;

/** A chain tells the cause below each message. */
function messageOf(diagnostic: Diagnostic): string {
  const lines = (each: Diagnostic, depth: number): string[] => [`${'  '.repeat(depth)}${each.text}`, ...(each.messageChain ?? []).flatMap((below) => lines(below, depth + 1))];
  // Of the platform's own folders a source says nothing; what the compiler makes of the names of its files is cut away.
  const message = lines(diagnostic, 0).join('\n').replaceAll(`${sourceFolder}/`, '');
  return message.length > maxMessageCharacters ? `${message.slice(0, maxMessageCharacters)}…` : message;
}
