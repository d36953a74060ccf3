import { runProgram } from './run-program.js';

/** Go 1.24 or newer is needed for everything that is built here. */
const oldestMinor = 24;

export const lastLines = (text) => text.trim().split('\n').slice(-15).join('\n');

/**
 * What is wrong with Go on this machine; undefined when it can be used.
 *
 * @returns {Promise<{ kind: 'missing' } | { kind: 'broken', detail: string } | { kind: 'old', version: string } | undefined>}
 */
export async function goFault(env) {
  const go = await runProgram('go', ['version'], { env, timeoutMs: 60_000 }).catch(() => undefined);
  if (!go) return { kind: 'missing' };
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(go.stdout) ?? [];
  if (go.code !== 0 || major === undefined) return { kind: 'broken', detail: `"go version" ended with ${go.code}: ${lastLines(go.stderr)}` };
  return Number(major) === 1 && Number(minor) < oldestMinor ? { kind: 'old', version: `${major}.${minor}` } : undefined;
}

/** What all builds have in common: no C compiler is needed, the checksums beside go.mod hold, and the commit of the folder around it leaves no trace. */
export const goEnvironment = (env) => ({ ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off' });

/**
 * Builds one program and says every few seconds how far it is.
 *
 * @param {{ name: string, target: string, output: string, ldflags: string, tags?: string, cwd: string, env: NodeJS.ProcessEnv, onProgress: (line: string) => void, signal?: AbortSignal }} options
 * @returns {Promise<string | undefined>} what go said when it failed
 */
export async function goBuild({ name, target, output, ldflags, tags = '', cwd, env, onProgress, signal }) {
  const started = Date.now();
  let compiled = 0;
  let downloaded = 0;
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const ticker = setInterval(() => {
    const doing = compiled > 0 ? `${compiled} packages compiled` : `${downloaded} modules downloaded`;
    onProgress(`  ${name}: ${doing}, ${elapsed()}`);
  }, 5_000);
  // -v names each package on stderr as it is compiled: the only sign of progress that go gives.
  const { code, stderr } = await runProgram('go', ['build', '-v', '-trimpath', '-ldflags', ldflags, '-tags', tags, '-o', output, target], {
    cwd,
    env: goEnvironment(env),
    signal,
    onStderrLine: (line) => (line.startsWith('go: downloading') ? downloaded++ : compiled++),
  }).finally(() => clearInterval(ticker));
  if (code !== 0) return `go build ended with ${code}:\n${lastLines(stderr)}`;
  onProgress(`  ${name}: built in ${elapsed()}`);
  return undefined;
}
