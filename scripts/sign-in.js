import { ensureDependencies } from './dependencies.js';
import { runNode } from './run-node.js';

await ensureDependencies((line) => process.stdout.write(`${line}\n`));
runNode(['services/standalone/src/sign-in.ts']);
