import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const texts = /\.(js|css|svg|json)$/;

/** Puts .br and .gz beside each file of assets/, so that nobody compresses the same bytes for every reader. */
export function compressed(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'guildhall-compressed',
    apply: 'build',
    configResolved: (resolved) => {
      config = resolved;
    },
    closeBundle: async () => {
      const folder = join(config.root, config.build.outDir, config.build.assetsDir);
      for (const name of (await readdir(folder)).filter((candidate) => texts.test(candidate))) {
        const file = join(folder, name);
        const bytes = await readFile(file);
        await writeFile(`${file}.br`, await brotli(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
        await writeFile(`${file}.gz`, await zip(bytes, { level: 9 }));
      }
    },
  };
}
