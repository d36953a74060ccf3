import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Container } from '@guildhall/kubernetes';
import { hasCode } from '../files.ts';
import { NotStartableError } from '../process/container-status.ts';

/** What stands in for an image: a program of this machine. */
export interface Program {
  /** Program and first arguments, as an image's entry point; a container's `command` takes its place. */
  readonly command: readonly string[];
  /** Further arguments; a container's `args` or `command` take their place. */
  readonly args?: readonly string[];
  /** Folders in which commands are looked for, before the one of the program itself and those of PATH. */
  readonly path?: readonly string[];
  /** Variables that the image sets. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The program of an image now; it may be set up later than the pod that needs it. */
export type FindProgram = (image: string) => Program | undefined;

/** Throws NotStartableError with what to do when there is none. */
export function programOf(container: Container, find: FindProgram): Program {
  const program = find(container.image ?? '');
  if (program !== undefined) return program;
  throw new NotStartableError(
    'ErrImagePull',
    `no program stands for the image ${container.image ?? '(none)'}: name one under "programs" in the settings of the local cluster`,
  );
}

/** The PATH of a container: as in an image, the programs beside its own are found by their names alone. */
export function searchPathOf({ path = [], command: [own = ''] }: Program, inherited: string): string {
  return [...path, ...(isAbsolute(own) ? [dirname(own)] : []), inherited].join(delimiter);
}

/** The command line of a container, its program as an absolute path. Throws NotStartableError when that is not there. */
export function commandLine(command: readonly string[], searchPath: string, image: string): string[] {
  const [name = '', ...args] = command;
  const candidates = isAbsolute(name) ? [name] : searchPath.split(delimiter).map((folder) => join(folder, name));
  const found = candidates.find(isProgram);
  if (found !== undefined) return [found, ...args];
  throw new NotStartableError(
    'ErrImagePull',
    `the program ${name} of the image ${image} is not ${isAbsolute(name) ? 'there' : `in ${searchPath}`}: install it, or correct "programs" in the settings of the local cluster`,
  );
}

/** Entry point and arguments, by the rules of Kubernetes for image and container. */
export function rawCommand(container: Container, program: Program): string[] {
  const entry = container.command ?? program.command;
  const args = container.args ?? (container.command === undefined ? (program.args ?? []) : []);
  return [...entry, ...args];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return false;
    throw error;
  }
}
