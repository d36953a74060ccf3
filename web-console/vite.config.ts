import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { antDesignStyles } from './scripts/ant-design-styles.ts';
import { compressed } from './scripts/compressed.ts';
import { developmentApi } from './scripts/development-api.ts';
import { persistedDocuments } from './scripts/persisted-documents.ts';
import { schemaModel } from './scripts/schema-model.ts';
import { startFirst } from './scripts/start-first.ts';

// Vite reads the default export.
// oxlint-disable-next-line import/no-default-export
export default defineConfig({
  plugins: [react(), antDesignStyles(), persistedDocuments(), schemaModel(), startFirst(), compressed(), developmentApi()],
  resolve: {
    // The dialogs' own lock of the page's scrolling writes a style element without the nonce, which the content policy refuses.
    alias: [{ find: /^\.\/useScrollLocker$/, replacement: fileURLToPath(new URL('src/app/scroll-lock.ts', import.meta.url)) }],
  },
  preview: {
    // As Guildhall sends it, so that a preview shows what it would refuse; the nonce is the placeholder itself.
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-__CSP_NONCE__'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    },
  },
  build: {
    target: 'es2023',
    // A small picture as data: would be inlined into the script; as a file it is fetched when it is shown.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // By itself, so that it need not wait for the rest.
            { name: 'start', test: /\/src\/start\.ts$/, priority: 1 },
            // In one file: sixty small ones take longer to ask for than to run.
            { name: 'first', tags: ['$initial'] },
          ],
        },
      },
    },
  },
});
