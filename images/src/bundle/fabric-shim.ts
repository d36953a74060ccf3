import type { Plugin } from 'esbuild';
import { join } from 'node:path';

/**
 * The contract runner puts a logger of its own where Node.js would look for fabric-shim's. A bundle has no such place: fabric-shim finds
 * the runner's logger there when the bundle is made, and nothing is left to replace.
 */
export const shimLogger = (root: string): Plugin => ({
  name: 'fabric-shim',
  setup(build) {
    const logger = join(root, 'contracts/runner/src/server/shim-logger.ts');
    build.onResolve({ filter: /^\.\/logger$/ }, ({ importer }) => (/[\\/]node_modules[\\/]fabric-shim[\\/]lib[\\/][^\\/]+$/.test(importer) ? { path: logger } : undefined));
    build.onLoad({ filter: /[\\/]contracts[\\/]runner[\\/]src[\\/]server[\\/]replace-shim-logger\.ts$/ }, () => ({ contents: 'export const replaceShimLogger = () => {};', loader: 'ts' }));
  },
});
