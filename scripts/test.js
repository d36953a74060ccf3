import { spawnSync } from 'node:child_process';
import { ensureDependencies, node24, root } from './dependencies.js';
import { ensureFabricPrograms } from './programs/fabric.js';
import { ensureKubernetesPrograms } from './programs/kubernetes.js';

// npm test              everything
// npm test -- unit      one or more of the suites below

const suites = {
  unit: [
    'scripts/**/*.test.js',
    'packages/*/src/**/*.test.ts',
    'operator/src/**/*.test.ts',
    'contracts/*/src/**/*.test.ts',
    'services/*/src/**/*.test.ts',
    'test/support/**/*.test.ts',
  ],
  integration: ['packages/*/test/**/*.test.ts', 'contracts/*/test/**/*.test.ts', 'operator/test/**/*.test.ts', 'services/*/test/**/*.test.ts'],
  conformance: ['test/conformance/**/*.test.ts'],
  e2e: ['test/e2e/**/*.test.ts'],
};
/** Whole networks of real nodes share two cores badly; small tests share them well. */
const concurrency = { unit: 2, integration: 1, conformance: 1, e2e: 1 };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  process.stderr.write(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.\n`);
  process.exit(1);
}

const progress = (line) => process.stdout.write(`${line}\n`);
ensureDependencies(progress);
const env = { ...process.env, NODE_ENV: 'test' };
// A test that starts tests of its own would otherwise report to this runner.
delete env.NODE_TEST_CONTEXT;
env.GUILDHALL_FABRIC_BIN = await ensureFabricPrograms({ onProgress: progress, oracles: true });

const failed = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  // The local cluster is held to the real one.
  if (name === 'conformance') await ensureKubernetesPrograms({ onProgress: progress });
  const began = Date.now();
  progress(`\n== ${name}`);
  const result = spawnSync(node24, ['--test', `--test-concurrency=${concurrency[name]}`, '--test-reporter=spec', ...suites[name]], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  progress(`== ${name}: ${result.status === 0 ? 'passed' : 'failed'} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
  if (result.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`\nFailed: ${failed.join(', ')}\n`);
  process.exit(1);
}
