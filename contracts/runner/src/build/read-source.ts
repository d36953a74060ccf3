import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import type { SourceFiles } from './bundle.ts';

/** Relative modules that a file of ours names; prettily written, as lint has it. */
const relativeImport = /^(?:import|export)\b[^;]*?'(\.[^']+)'/gms;

/** The files of a template that lie on this disk: its entry and what that leads to, types included, by their path from the entry's folder. */
export async function readSource(entry: string | URL): Promise<SourceFiles> {
  const path = String(entry).startsWith('file:') ? fileURLToPath(entry) : String(entry);
  const folder = dirname(path);
  const files = new Map<string, string>();
  const visit = async (file: string): Promise<void> => {
    const name = relative(folder, file);
    if (files.has(name)) return;
    files.set(name, '');
    const text = await readFile(file, 'utf8');
    files.set(name, text);
    for (const [, target = ''] of text.matchAll(relativeImport)) await visit(resolve(dirname(file), target));
  };
  await visit(path);
  return { entry: relative(folder, path), files: Object.fromEntries([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}
