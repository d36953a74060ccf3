import { ensureDependencies } from './dependencies.js';
import { ensureFabricPrograms } from './programs/fabric.js';
import { ensureKubernetesPrograms } from './programs/kubernetes.js';
import { isNode24, runNode } from './run-node.js';
import { buildConsole } from './web-console.js';

const progress = (line) => process.stderr.write(`${line}\n`);
await ensureDependencies(progress);
if (isNode24) {
  // No start that is measured builds it.
  await buildConsole(() => Promise.resolve(), { onProgress: progress });
  const bin = await ensureFabricPrograms({ onProgress: progress, oracles: true });
  if (process.argv[2] === 'kubernetes') await ensureKubernetesPrograms({ programs: 'node', onProgress: progress });
  runNode(['test/bench/main.ts', ...process.argv.slice(2)], { ...process.env, GUILDHALL_FABRIC_BIN: bin });
} else {
  runNode([process.argv[1], ...process.argv.slice(2)]);
}
