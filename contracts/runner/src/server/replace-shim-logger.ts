import { createRequire } from 'node:module';
import { getLogger } from './shim-logger.ts';

const require = createRequire(import.meta.url);

/** Puts our logger where fabric-shim will look for its own. A bundle has it there already (images/src/bundle/fabric-shim.ts). */
export function replaceShimLogger(): void {
  const path = require.resolve('fabric-shim/lib/logger.js');
  require.cache[path] = {
    id: path,
    filename: path,
    path,
    loaded: true,
    exports: { getLogger },
    children: [],
    paths: [],
    parent: undefined,
    isPreloading: false,
    require,
  };
}
