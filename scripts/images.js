import { ensureDependencies } from './dependencies.js';
import { runNode } from './run-node.js';

// npm run images -- --only NAME,… --output FOLDER     all images, into .guildhall/images, unless told otherwise

await ensureDependencies((line) => process.stderr.write(`${line}\n`));
runNode(['images/src/main.ts', ...process.argv.slice(2)]);
