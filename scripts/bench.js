import { ensureDependencies } from './dependencies.js';
import { ensureFabricPrograms } from './programs/fabric.js';
import { runNode } from './run-node.js';

const progress = (line) => process.stderr.write(`${line}\n`);
ensureDependencies(progress);
const bin = await ensureFabricPrograms({ onProgress: progress, oracles: true });
runNode(['test/bench/main.ts', ...process.argv.slice(2)], { ...process.env, GUILDHALL_FABRIC_BIN: bin });
