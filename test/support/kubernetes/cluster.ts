import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageStore } from './containerd.ts';

/** A Kubernetes as its administrator has it. */
export interface Cluster {
  readonly kubeconfig: string;
  /** For files of this run. */
  readonly folder: string;
  /** Runs kubectl. @returns what it said; throws when it fails */
  kubectl(...args: string[]): string;
  apply(objects: readonly object[]): void;
  /** Of this content, for what takes files only. */
  file(content: string): string;
  /** Where images can be put without a registry. */
  readonly images?: ImageStore;
  stop(): Promise<void>;
}

/** @param bin the folder of kubectl */
export function administer(bin: string, kubeconfig: string, folder: string): Pick<Cluster, 'kubeconfig' | 'folder' | 'kubectl' | 'apply' | 'file'> {
  const asking = ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'kubectl')];
  const run = (args: readonly string[], input?: string): string => {
    const { status, stdout, stderr, error } = spawnSync(join(bin, 'kubectl'), [...asking, ...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...(input === undefined ? {} : { input }) });
    if (status !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${status}: ${error?.message ?? stderr}`);
    return stdout;
  };
  return {
    kubeconfig,
    folder,
    kubectl: (...args) => run(args),
    apply: (items) => void run(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items })),
    file(content) {
      const path = join(folder, `file-${randomBytes(4).toString('hex')}`);
      writeFileSync(path, content, { mode: 0o600 });
      return path;
    },
  };
}
