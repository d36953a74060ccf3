import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { goBuild, goFault } from '../../../scripts/programs/go.js';
import { ImageError, type Part } from '../part.ts';
import { goModules } from './go-modules.ts';

/** Builds the program of a Go module, without libraries. @param folder of the module @param output where the program is put, and stays until the image is written */
export async function goProgram(folder: string, output: string): Promise<Part> {
  const fault = await goFault(process.env);
  if (fault !== undefined) throw new ImageError(`${folder} is built with Go 1.24 or newer, and ${fault.kind === 'missing' ? 'there is none: install it' : `this machine's is ${fault.kind}`}`);
  await mkdir(dirname(output), { recursive: true });
  const name = basename(output);
  const failure = await goBuild({ name, target: '.', output, ldflags: '-s -w -buildid=', cwd: folder, env: process.env, onProgress: () => undefined });
  if (failure !== undefined) throw new ImageError(`${folder} cannot be built: ${failure}`);
  return { files: [{ path: `/usr/local/bin/${name}`, from: { file: output }, mode: 0o755 }], components: await goModules(output) };
}
