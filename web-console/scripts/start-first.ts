import type { Plugin } from 'vite';

const preload = /<link rel="modulepreload" crossorigin href="(\/assets\/start-[^"]+)">\s*/;

/** A script of its own runs as soon as it is here; one that is only imported by another waits for all that the other imports. */
export const startFirst = (): Plugin => ({
  name: 'guildhall-start-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => {
      const [, file] = preload.exec(html) ?? [];
      if (file === undefined) throw new Error('src/start.ts has become part of another file: see codeSplitting in vite.config.ts');
      return html.replace(preload, '').replace('<script type="module"', `<script type="module" crossorigin src="${file}"></script>\n    <script type="module"`);
    },
  },
});
