import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';

/** An image as it is before a container is made of it: its files in a folder, and what it says of how it is run. */
export interface UnpackedImage {
  readonly root: string;
  readonly config: { User: string; Entrypoint: readonly string[]; Env: readonly string[]; Labels: Readonly<Record<string, string>> };
  has(path: string): boolean;
}

function tar(...args: string[]): void {
  const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar ${args.join(' ')}: ${stderr}`);
}

export function unpack(archive: string, folder: string): UnpackedImage {
  const [layout, root] = [join(folder, 'layout'), join(folder, 'root')];
  for (const each of [layout, root]) mkdirSync(each, { recursive: true });
  tar('--extract', '--file', archive, '--directory', layout);
  const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'));
  const read = (digest: string) => JSON.parse(readFileSync(blob(digest), 'utf8'));
  const manifest = read(JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests[0].digest);
  for (const { digest } of manifest.layers) tar('--extract', '--gunzip', '--preserve-permissions', '--file', blob(digest), '--directory', root);
  const { config } = read(manifest.config.digest);
  rmSync(layout, { recursive: true });
  return { root, config, has: (path) => existsSync(join(root, path)) };
}

export interface RunOptions {
  /** In place of the entry point. */
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders and files of this machine by the path in the image. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/**
 * As a pod that passes "restricted" has it: its own processes, a root file system that nobody may write, /tmp alone writable, another
 * user than root, no way to more rights. The network is this machine's. What is run is the first process.
 */
const container = `
root=$1; shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
for volume in $TEST_VOLUMES; do mount --bind "\${volume%%:*}" "$root\${volume#*:}"; done
mount -o remount,ro,bind "$root"
unset TEST_VOLUMES
user=$TEST_USER
unset TEST_USER
exec setpriv --no-new-privs /usr/sbin/chroot --userspec="$user" --groups= "$root" "$@"
`;

export interface RunningImage {
  output(): string;
  isRunning(): boolean;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** Asks its first process to end, as a kubelet does first, or ends all of them. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export function start({ root, config }: UnpackedImage, { command = config.Entrypoint, environment = {}, volumes = {} }: RunOptions = {}): RunningImage {
  for (const path of ['/proc', '/dev']) mkdirSync(join(root, path), { recursive: true });
  for (const [path, source] of Object.entries(volumes)) placeFor(join(root, path), source);
  const mounts = Object.entries(volumes).map(([path, source]) => `${source}:${path}`);
  const env = { ...Object.fromEntries(config.Env.map((each) => each.split(/=(.*)/s).slice(0, 2))), ...environment, TEST_VOLUMES: mounts.join(' '), TEST_USER: config.User };
  const child = spawn('unshare', ['--mount', '--pid', '--fork', 'sh', '-euc', container, 'sh', root, ...command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const kill = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && isRunning()) signalFirst(child.pid, signal);
  };
  const killWithThis = (): void => kill('SIGKILL');
  process.once('exit', killWithThis);
  const ended = once(child, 'close').then(([code]) => {
    process.removeListener('exit', killWithThis);
    return code as number | null;
  });
  return {
    output: () => output,
    isRunning,
    ended,
    end: (signal) => {
      kill(signal);
      return ended;
    },
  };
}

/** unshare waits for the first process of the namespace, with which all others end. */
function signalFirst(unshare: number, signal: NodeJS.Signals): void {
  const first = Number(readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8').trim());
  if (first > 0) process.kill(first, signal);
}

/** Something is mounted over it. */
function placeFor(path: string, source: string): void {
  if (existsSync(path)) return;
  mkdirSync(statSync(source).isDirectory() ? path : dirname(path), { recursive: true });
  if (!existsSync(path)) writeFileSync(path, '');
}

export async function runToEnd(image: UnpackedImage, options?: RunOptions): Promise<{ code: number | null; output: string }> {
  const running = start(image, options);
  return { code: await running.ended, output: running.output() };
}
