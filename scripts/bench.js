import { ensureDependencies } from './dependencies.js';
import { ensureFabricPrograms } from './programs/fabric.js';
import { isNode24, runNode } from './run-node.js';
import { buildConsole } from './web-console.js';

const progress = (line) => process.stderr.write(`${line}\n`);
await ensureDependencies(progress);
if (isNode24) {
  // No start that is measured builds it.
  await buildConsole(() => Promise.resolve(), { onProgress: progress });
  const bin = await ensureFabricPrograms({ onProgress: progress, oracles: true });
  runNode(['test/bench/main.ts', ...process.argv.slice(2)], { ...process.env, GUILDHALL_FABRIC_BIN: bin });
} else {
  runNode([process.argv[1], ...process.argv.slice(2)]);
}
