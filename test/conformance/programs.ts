interface Programs {
  findKubernetesPrograms(): string | undefined;
  ensureKubernetesPrograms(options: { onProgress: (line: string) => void }): Promise<string>;
}

/** The folder with the programs of Kubernetes. With CI=true they are built when they are missing; else what is missing is said. */
export async function findPrograms(): Promise<string | { missing: string }> {
  const script = '../../scripts/programs/kubernetes.js';
  const { findKubernetesPrograms, ensureKubernetesPrograms } = (await import(script)) as Programs;
  const found = findKubernetesPrograms();
  if (found !== undefined) return found;
  if (process.env['CI'] !== 'true') return { missing: 'the programs of Kubernetes are not built: node scripts/programs/kubernetes.js (about 6 minutes, once)' };
  return ensureKubernetesPrograms({ onProgress: (line) => void process.stderr.write(`${line}\n`) });
}
