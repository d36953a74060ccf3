interface Programs {
  findKubernetesPrograms(options: { node: boolean }): string | undefined;
  ensureKubernetesPrograms(options: { node: boolean; onProgress: (line: string) => void }): Promise<string>;
}

export interface FoundPrograms {
  /** The folder that they are in; empty when they are missing. */
  bin: string;
  /** Why there are none, and what to do. */
  skip: string | false;
}

/** The programs of Kubernetes, those of a node too if wanted. With CI=true they are built when they are missing; else what needs them is skipped. */
export async function findPrograms({ node = false } = {}): Promise<FoundPrograms> {
  const script = '../../scripts/programs/kubernetes.js';
  const { findKubernetesPrograms, ensureKubernetesPrograms } = (await import(script)) as Programs;
  const found = findKubernetesPrograms({ node });
  if (found !== undefined) return { bin: found, skip: false };
  if (process.env['CI'] !== 'true') return { bin: '', skip: `the programs of Kubernetes are not built: node scripts/programs/kubernetes.js${node ? ' --node' : ''} (minutes, once)` };
  return { bin: await ensureKubernetesPrograms({ node, onProgress: (line) => void process.stderr.write(`${line}\n`) }), skip: false };
}
