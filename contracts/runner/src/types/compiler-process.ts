import { describeInterface, type InterfaceEntry } from './describe-interface.ts';
import { findTypeProblems, type TypeProblem } from './find-type-problems.ts';

// A process for one piece of work of the compiler: it can be ended with everything that it has begun, whatever a source makes the compiler do.

export type CompilerRequest = { readonly check: Readonly<Record<string, string>> } | { readonly describe: true };
export type CompilerAnswer = { readonly problems: readonly TypeProblem[] } | { readonly entries: readonly InterfaceEntry[] };

const work = async (request: CompilerRequest): Promise<CompilerAnswer> =>
  'check' in request ? { problems: await findTypeProblems(request.check) } : { entries: await describeInterface() };

process.once('message', (request: CompilerRequest) => {
  // A compiler that ends in the middle leaves its requests unanswered for ever; then nothing else holds this process, and it ends too.
  process.channel?.unref();
  work(request).then(
    (answer) => process.send?.(answer, () => process.disconnect()),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit());
