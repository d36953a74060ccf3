import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Chunk {
  file: string;
  imports?: string[];
}

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const limit = 300 * 1024;

/** Everything that the browser fetches before the named modules can run. */
export function chunksOf(manifest: Record<string, Chunk>, names: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the build has no ${name}`);
    if (seen.has(chunk.file)) return;
    seen.add(chunk.file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const name of names) visit(name);
  return [...seen];
}

/** The compressed JavaScript of the first load: what the home screen needs, in one language. */
export function firstLoad(): { file: string; bytes: number }[] {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const scripts = Object.keys(manifest).filter((name) => page.includes(`<script type="module" crossorigin src="/${manifest[name]?.file}">`));
  if (scripts.length === 0) throw new Error('the page loads no script of the build');
  return chunksOf(manifest, [...scripts, 'src/i18n/zh.ts'])
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({ file, bytes: statSync(join(dist, `${file}.br`)).size }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = firstLoad();
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { file, bytes } of files) process.stdout.write(`${String(bytes).padStart(8)}  ${file}\n`);
  process.stdout.write(`${String(all).padStart(8)}  bytes of compressed JavaScript before the home screen; at most ${limit}\n`);
  if (all > limit) process.exitCode = 1;
}
