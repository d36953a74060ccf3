import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API, type Project } from 'typescript/unstable/async';
import { compilerFiles, configFile } from './compiler-files.ts';

/** The compiler is a program of its own, and its package's only way to say where it is has no public name. */
async function compilerPath(): Promise<string> {
  const { default: getExePath } = (await import(new URL('lib/getExePath.js', import.meta.resolve('typescript/package.json')).href)) as { default: () => string };
  return getExePath();
}

/** Opens the files as one project, and closes the compiler when the work is done. */
export async function compile<T>(files: Readonly<Record<string, string>>, work: (project: Project) => Promise<T>): Promise<T> {
  const compiler = await compilerPath();
  // Taken over by its wrapper, which the API starts with this process's environment.
  process.env['GUILDHALL_COMPILER'] = compiler;
  const fs = await compilerFiles(files, dirname(compiler));
  const api = new API({ cwd: '/', fs, tsserverPath: fileURLToPath(new URL('./limited-compiler.sh', import.meta.url)) });
  try {
    const snapshot = await api.updateSnapshot({ openProjects: [configFile] });
    const project = snapshot.getProject(configFile);
    if (project === undefined) throw new Error('the compiler did not open the project');
    return await work(project);
  } finally {
    await api.close();
  }
}
