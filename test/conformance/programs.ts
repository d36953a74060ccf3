/** As scripts/programs/kubernetes.js has them. */
type Programs = 'apiServer' | 'node';
interface Script {
  findKubernetesPrograms(options: { programs: Programs }): string | undefined;
  ensureKubernetesPrograms(options: { programs: Programs; onProgress: (line: string) => void }): Promise<string>;
}

export interface FoundPrograms {
  /** The folder that they are in; empty when they are missing. */
  bin: string;
  /** Why there are none, and what to do. */
  skip: string | false;
}

/** The programs of Kubernetes. With CI=true they are built when they are missing; else what needs them is skipped. */
export async function findPrograms(programs: Programs = 'apiServer'): Promise<FoundPrograms> {
  const script = '../../scripts/programs/kubernetes.js';
  const { findKubernetesPrograms, ensureKubernetesPrograms } = (await import(script)) as Script;
  const found = findKubernetesPrograms({ programs });
  if (found !== undefined) return { bin: found, skip: false };
  if (process.env['CI'] !== 'true') return { bin: '', skip: `the programs of Kubernetes are not built: node scripts/programs/kubernetes.js${programs === 'apiServer' ? '' : ' --node'} (minutes, once)` };
  return { bin: await ensureKubernetesPrograms({ programs, onProgress: (line) => void process.stderr.write(`${line}\n`) }), skip: false };
}
