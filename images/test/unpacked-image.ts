import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

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
  /** Folders of this machine by the path in the image. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/**
 * As a pod that passes "restricted" has it: its own processes, a root file system that nobody may write, /tmp alone writable, another
 * user than root, no way to more rights. The network is this machine's. The shell stays: with it everything ends, and whoever takes another
 * user's rights is no longer told that its parent has gone.
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
setpriv --no-new-privs /usr/sbin/chroot --userspec="$user" --groups= "$root" "$@" &
program=$!
trap : TERM
while kill -0 $program 2>/dev/null; do wait $program && code=0 || code=$?; done
exit $code
`;

/** The command line that runs an image, and its whole environment. */
export function commandOf({ root, config }: UnpackedImage, { command = config.Entrypoint, environment = {}, volumes = {} }: RunOptions = {}) {
  for (const path of ['/proc', '/dev', ...Object.keys(volumes)]) mkdirSync(join(root, path), { recursive: true });
  const mounts = Object.entries(volumes).map(([path, folder]) => `${folder}:${path}`);
  return {
    command: ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', container, 'sh', root, ...command],
    environment: { ...Object.fromEntries(config.Env.map((each) => each.split(/=(.*)/s).slice(0, 2))), ...environment, TEST_VOLUMES: mounts.join(' '), TEST_USER: config.User },
  };
}

export interface RunningImage {
  readonly child: ChildProcess;
  output(): string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** Asks the program to end, as a kubelet does first, or ends the container. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export function start(image: UnpackedImage, options?: RunOptions): RunningImage {
  const { command: [program = '', ...args], environment } = commandOf(image, options);
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const end = (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
    return ended;
  };
  return { child, output: () => output, ended, end };
}

export async function runToEnd(image: UnpackedImage, options?: RunOptions): Promise<{ code: number | null; output: string }> {
  const running = start(image, options);
  return { code: await running.ended, output: running.output() };
}
