import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ImageError } from './part.ts';

const execute = promisify(execFile);

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function run(program: string, args: readonly string[], cwd = '/'): Promise<Outcome> {
  try {
    const { stdout, stderr } = await execute(program, args, { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code === 'number') return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
    throw new ImageError(`${program} cannot be run (${error instanceof Error ? error.message : String(error)}): images are made on Debian, of its packages`, { cause: error });
  }
}
