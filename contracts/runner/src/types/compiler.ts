import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BuildError, nowhere, problemAt } from '../build/problems.ts';
import type { CompilerAnswer, CompilerRequest } from './compiler-process.ts';
import type { InterfaceEntry } from './describe-interface.ts';
import type { TypeProblem } from './find-type-problems.ts';

const program = fileURLToPath(new URL('./compiler-process.ts', import.meta.url));
/** An honest check takes less than a second; a machine that is busy gets more time. */
const limitMs = 30_000;
const maxComplaint = 4096;

export async function checkTypes(files: Readonly<Record<string, string>>): Promise<readonly TypeProblem[]> {
  const answer = await ask({ check: files });
  if (!('problems' in answer)) throw new Error('the compiler answered something else');
  return answer.problems;
}

export async function contractInterface(): Promise<readonly InterfaceEntry[]> {
  const answer = await ask({ describe: true });
  if (!('entries' in answer)) throw new Error('the compiler answered something else');
  return answer.entries;
}

/** A process that ended without an answer and without a complaint of its own lost the compiler, or was ended, by a limit: the source is at fault, and is told so. */
const exhausted = (how: string): BuildError =>
  new BuildError([problemAt(nowhere, 'type', `the types could not be checked within ${limitMs / 1000} s and 2 GB of memory (${how}): write them more simply`)]);

function ask(request: CompilerRequest): Promise<CompilerAnswer> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that the compiler below it ends with it.
    const child = fork(program, { env: compileCache(), execArgv: [], serialization: 'json', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
    let complaint = '';
    const kill = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch (error) {
        // It has ended already, which is what was wanted.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    };
    const settle = (outcome: () => void): void => {
      clearTimeout(late);
      process.off('exit', kill);
      kill();
      outcome();
    };
    const late = setTimeout(() => settle(() => reject(exhausted('it took too long'))), limitMs);
    process.on('exit', kill);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (complaint.length < maxComplaint) complaint += chunk.toString('utf8').slice(0, maxComplaint);
    });
    child.once('message', (answer: CompilerAnswer) => settle(() => resolve(answer)));
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code, signal) =>
      settle(() => reject(code === 1 ? new Error(`the compiler failed: ${complaint.trim()}`) : exhausted(signal ?? 'it ended without an answer'))),
    );
    child.send(request, (error) => {
      if (error) settle(() => reject(error));
    });
  });
}

/** Nothing of this process's environment but where compiled code is kept: it may hold secrets. */
const compileCache = (): Record<string, string> => {
  const folder = process.env['NODE_COMPILE_CACHE'];
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
};
