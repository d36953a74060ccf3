import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const script = `console.log(${JSON.stringify('a script '.repeat(50))});\n`;

/** What the console names a document by. */
export const documentId = (document: string): string => createHash('sha256').update(document).digest('hex');

/** A folder as a build of the console leaves it, small. */
export async function writeConsoleFolder(documents: readonly string[] = []): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guildhall-console-'));
  await mkdir(join(folder, 'assets', 'deep'), { recursive: true });
  const files: Record<string, string | Buffer> = {
    'index.html': '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/main-1.js"></script>',
    'assets/main-1.js': script,
    'assets/main-1.js.br': brotliCompressSync(script),
    'assets/main-1.js.gz': gzipSync(script),
    'assets/main-1.js.map': '{}',
    'assets/deep/style-1.css': 'a { color: red }',
    'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'persisted-documents.json': JSON.stringify(Object.fromEntries(documents.map((document) => [documentId(document), document]))),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
