import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDependencies, node24, root } from './dependencies.js';
import { ChromiumMissingError, findChromium } from './programs/chromium.js';
import { ensureFabricPrograms, FabricProgramsError } from './programs/fabric.js';
import { ensureKubernetesPrograms, KubernetesProgramsError } from './programs/kubernetes.js';
import { isNode24, runNode } from './run-node.js';
import { buildConsole, ConsoleBuildError } from './web-console.js';

// npm test              everything but what is in `onlyNamed`
// npm test -- unit      one or more of the suites below

const suites = {
  unit: [
    'scripts/**/*.test.js',
    'packages/*/src/**/*.test.ts',
    'operator/src/**/*.test.ts',
    'contracts/*/src/**/*.test.ts',
    'services/*/src/**/*.test.ts',
    'web-console/{src,scripts}/**/*.test.ts',
    'images/src/**/*.test.ts',
    'test/support/**/*.test.ts',
  ],
  integration: ['packages/*/test/**/*.test.ts', 'contracts/*/test/**/*.test.ts', 'operator/test/**/*.test.ts', 'services/*/test/**/*.test.ts'],
  conformance: ['test/conformance/**/*.test.ts'],
  e2e: ['test/e2e/**/*.test.ts'],
  console: ['test/console/**/*.test.ts'],
  kubernetes: ['images/test/**/*.test.ts', 'test/kubernetes/**/*.test.ts'],
  // Of these what every change is held to: all of them would take longer than everything else.
  'kubernetes-basics': ['test/kubernetes/{chart,conformance,gitops,image-contract,monitoring}.test.ts'],
};
/** How many files at once: what waits shares two cores well, a browser with a whole network badly. */
const concurrency = { unit: 2, integration: 2, conformance: 1, e2e: 1, console: 1, kubernetes: 2, 'kubernetes-basics': 2 };

/** Of a whole node of Kubernetes: they take root, and packages of Debian that few machines have. */
const onlyNamed = new Set(['kubernetes', 'kubernetes-basics']);

/** What they need of Kubernetes. */
const kubernetesPrograms = { conformance: 'apiServer', kubernetes: 'node', 'kubernetes-basics': 'node' };

/** Suites that need no program of Fabric. */
const withoutFabric = new Set(['unit', 'conformance']);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  process.stderr.write(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.\n`);
  process.exit(1);
}

const progress = (line) => process.stdout.write(`${line}\n`);
await ensureDependencies(progress);
if (isNode24) process.exitCode = await runSuites(wanted.length > 0 ? wanted : Object.keys(suites).filter((name) => !onlyNamed.has(name)));
else runNode([process.argv[1], ...process.argv.slice(2)]);

/** What cannot be had is a failure with CI=true; without it, what needs it is skipped. */
async function orSkip(programs, kind) {
  try {
    return await programs();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    progress(`\n${error.message}`);
    if (process.env.CI === 'true') process.exit(1);
    return undefined;
  }
}

/** Images of this source, for every node that the suite starts, and what its containerd makes of them; where that cannot be done, the tests that do it say why. */
function makeImages(env) {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-images-'));
  const runs = (...args) => spawnSync(node24, args, { cwd: root, env: { ...env, GUILDHALL_TEST_IMAGES: folder }, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  if (runs('images/src/main.ts', '--output', folder) && (env.KUBECONFIG !== undefined || runs('test/kubernetes/support/prepare-images.ts'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  return undefined;
}

/** What failed, in words; undefined when all passed. */
function runSuite(name, env) {
  const images = onlyNamed.has(name) ? makeImages(env) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-failures-'));
  const failures = join(folder, name);
  const began = Date.now();
  progress(`\n== ${name}`);
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=./scripts/tell-failures.js', `--test-reporter-destination=${failures}`];
  const { status } = spawnSync(node24, ['--test', `--test-concurrency=${concurrency[name]}`, '--import', './scripts/end-hanging-tests.js', ...reporters, ...suites[name]], {
    cwd: root, env: images ? { ...env, GUILDHALL_TEST_IMAGES: images } : env, stdio: ['ignore', 'inherit', 'inherit'],
  });
  progress(`== ${name}: ${status === 0 ? 'passed' : 'failed'} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
  const told = status === 0 ? undefined : `== ${name}\n${readFileSync(failures, 'utf8')}`;
  for (const made of images ? [images, folder] : [folder]) rmSync(made, { recursive: true, force: true });
  return told;
}

/** Before minutes of building: who names a suite of a node of Kubernetes wants to know at once that there can be none. */
async function requireNode() {
  const { lackingForNode } = await import('../test/support/kubernetes/prerequisites.ts');
  const lacking = process.env.KUBECONFIG === undefined ? lackingForNode() : undefined;
  if (lacking === undefined) return;
  process.stderr.write(`${lacking}; or set KUBECONFIG to use a cluster\n`);
  process.exit(1);
}

async function runSuites(names) {
  if (names.some((name) => onlyNamed.has(name))) await requireNode();
  const env = { ...process.env, NODE_ENV: 'test' };
  // A test that starts tests of its own would otherwise report to this runner.
  delete env.NODE_TEST_CONTEXT;
  const needsFabric = (name) => !withoutFabric.has(name);
  const bin = names.some(needsFabric) ? await orSkip(() => ensureFabricPrograms({ onProgress: progress, oracles: true }), FabricProgramsError) : undefined;
  if (bin) env.GUILDHALL_FABRIC_BIN = bin;
  const browser = names.includes('console') ? await orSkip(async () => findChromium(), ChromiumMissingError) : undefined;
  const lacks = (name) => [...(needsFabric(name) && !bin ? ["Fabric's programs"] : []), ...(name === 'console' && !browser ? ['Chromium'] : [])];
  const runnable = names.filter((name) => lacks(name).length === 0);

  const failed = new Map();
  for (const name of runnable) {
    // The local cluster is held to the real one; without that, its tests say what they skip.
    const programs = kubernetesPrograms[name];
    if (programs !== undefined) await orSkip(() => ensureKubernetesPrograms({ programs, onProgress: progress }), KubernetesProgramsError);
    // Otherwise the first start of a story would build it beside what the story looks at.
    if (name === 'e2e' || name === 'console') await orSkip(() => buildConsole(() => Promise.resolve(), { onProgress: progress }), ConsoleBuildError);
    const failures = runSuite(name, env);
    if (failures !== undefined) failed.set(name, failures);
  }
  for (const name of names.filter((name) => !runnable.includes(name))) progress(`\nSkipped: ${name}, because of what is missing (see above): ${lacks(name).join(', ')}`);
  // Once more at the end: who sees only that of a long output has what counts.
  if (failed.size > 0) process.stderr.write(`\nFailed: ${[...failed.keys()].join(', ')}\n\n${[...failed.values()].join('')}`);
  return failed.size > 0 ? 1 : 0;
}
