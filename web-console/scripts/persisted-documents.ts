import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const generated = fileURLToPath(new URL('../src/graphql/generated/persisted-documents.json', import.meta.url));

/** The documents that the server is to answer, by their digests; it reads the file and does not serve it. */
export const persistedDocuments = (): Plugin => ({
  name: 'guildhall-persisted-documents',
  apply: 'build',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'persisted-documents.json', source: await readFile(generated, 'utf8') });
  },
});
