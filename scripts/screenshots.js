import { ensureDependencies } from './dependencies.js';
import { ensureFabricPrograms } from './programs/fabric.js';
import { isNode24, runNode } from './run-node.js';
import { buildConsole } from './web-console.js';

// npm run screenshots -- FOLDER     pictures of every screen of the console; "screenshots" unless told otherwise

const progress = (line) => process.stderr.write(`${line}\n`);
await ensureDependencies(progress);
if (isNode24) {
  await buildConsole(() => Promise.resolve(), { onProgress: progress });
  await ensureFabricPrograms({ onProgress: progress });
  runNode(['test/console/screenshots.ts', ...process.argv.slice(2)]);
} else {
  runNode([process.argv[1], ...process.argv.slice(2)]);
}
