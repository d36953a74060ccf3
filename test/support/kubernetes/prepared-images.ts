import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { programImage, startContainerd, stateOf } from './containerd.ts';
import { startSandbox } from './sandbox.ts';

/*
 * What containerd has on its disk once it has taken images. Several nodes of one run begin with it: to unpack the same archives for each of them takes longer than
 * everything else of its start.
 */

/** Makes it, with what every node needs besides. @param bin the folder of the programs of Kubernetes @param destination where it is afterwards */
export async function prepareImages(bin: string, archives: readonly string[], destination: string): Promise<void> {
  const work = mkdtempSync(`${destination}-`);
  try {
    const sandbox = await startSandbox(work);
    try {
      const { images } = await startContainerd(sandbox);
      for (const name of ['pause', 'coredns']) await images.load(programImage(name, join(bin, name)));
      for (const archive of archives) images.importArchive(archive);
      await sandbox.end('containerd', 'SIGTERM');
    } finally {
      await sandbox.stop();
    }
    try {
      renameSync(stateOf(work), destination);
    } catch (error) {
      // Another one was faster.
      if (!existsSync(destination)) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Gives it to a node whose containerd is not started yet. What lies in layers is written by nobody, so it is not copied. */
export function takeImages(prepared: string, folder: string): void {
  const own = stateOf(folder);
  // Files of another file system cannot be linked to.
  if (!['--link', '--reflink=auto'].some((how) => isCopied(prepared, own, how))) throw new Error(`${prepared} cannot be copied to ${own}`);
  for (const file of readdirSync(prepared, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.db'))) {
    rmSync(join(own, file));
    copyFileSync(join(prepared, file), join(own, file));
  }
}

function isCopied(from: string, to: string, how: string): boolean {
  // What came of an attempt before would be copied into.
  rmSync(to, { recursive: true, force: true });
  return spawnSync('cp', ['--archive', how, from, to]).status === 0;
}
