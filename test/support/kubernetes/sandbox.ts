import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ownNamespaces } from './prerequisites.ts';
import { lastOf, logFile, type Processes } from './processes.ts';
import type { News, Order } from './sandbox-init.ts';

/**
 * Processes in namespaces of their own (mounts, network, process ids): what they mount, listen on and write into the kernel's tables is
 * theirs, several sandboxes do not meet, and nothing runs on when this process is gone, however it went.
 */
export interface Sandbox extends Processes {
  /** Its address, reached from this machine only. */
  readonly address: string;
  /** This machine's, as the sandbox sees it. */
  readonly outside: string;
  /** Runs a program in it. @returns what it said; throws when it fails */
  run(program: string, ...args: string[]): Promise<string>;
}

const init = fileURLToPath(new URL('sandbox-init.ts', import.meta.url));

/** @param folder where logs are, and where its processes are at home */
export async function startSandbox(folder: string): Promise<Sandbox> {
  const child = spawn('unshare', [...ownNamespaces, process.execPath, init], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const killWithThis = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithThis);
  const endings = new Map<string, () => void>();
  const answers = new Map<number, (news: Extract<News, { news: 'ran' }>) => void>();
  const faults: string[] = [];
  const order = (what: Order): void => void child.send(what);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killWithThis);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await untilReady(child);
    child.on('message', (news: News) => {
      if (news.news === 'ran') answers.get(news.id)?.(news);
      if (news.news !== 'ended') return;
      const expected = endings.get(news.name);
      endings.delete(news.name);
      if (expected) expected();
      else faults.push(`${news.name} ended: ${news.how}\n${lastOf(logFile(folder, news.name))}`);
    });
    let questions = 0;
    const run = async (program: string, ...args: string[]): Promise<string> => {
      const id = (questions += 1);
      const answered = new Promise<Extract<News, { news: 'ran' }>>((resolve) => answers.set(id, resolve));
      order({ order: 'run', id, program, args });
      const { status, output } = await answered;
      answers.delete(id);
      if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${output}`);
      return output;
    };
    const { address, outside } = await connect(firstProcess(child), run);
    return {
      folder,
      address,
      outside,
      run,
      start: (name, program, args, environment = {}) => order({ order: 'start', name, program, args, environment, folder, log: logFile(folder, name) }),
      end: async (name, signal = 'SIGKILL') => {
        const ended = new Promise<void>((resolve) => endings.set(name, resolve));
        order({ order: 'signal', name, signal });
        await ended;
      },
      fault: () => faults[0],
      logOf: (name) => lastOf(logFile(folder, name)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(child: ChildProcess): Promise<void> {
  const failed = once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`the sandbox cannot be set up (it ended with ${String(signal ?? code)}): namespaces need root`)));
  await Promise.race([once(child, 'message'), failed]);
  // It is watched by whoever asks it from here on.
  failed.catch(() => undefined);
}

/** The process id outside of the first process inside: the only child of `unshare`. */
function firstProcess(child: ChildProcess): string {
  const pid = String(child.pid);
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
}

/** A cable between this machine and the sandbox. */
async function connect(pid: string, run: Sandbox['run']): Promise<Pick<Sandbox, 'address' | 'outside'>> {
  const network = freeNetwork();
  const [outside, address, cable] = [`${network}.1`, `${network}.2`, `guildhall${network.split('.')[2]}`];
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pid);
  ip('address', 'add', `${outside}/30`, 'dev', cable);
  ip('link', 'set', cable, 'up');
  await run('ip', 'address', 'add', `${address}/30`, 'dev', 'eth0');
  await run('ip', 'link', 'set', 'eth0', 'up');
  await run('ip', 'route', 'add', 'default', 'via', outside);
  return { address, outside };
}

/** The first three numbers of a network that is not in use here. */
function freeNetwork(): string {
  const used = new Set(Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address.split('.').slice(0, 3).join('.'))));
  const free = Array.from({ length: 200 }, (_, index) => `10.199.${index + 1}`).filter((network) => !used.has(network));
  const chosen = free[Math.floor(Math.random() * free.length)];
  if (chosen === undefined) throw new Error('all networks for sandboxes are in use');
  return chosen;
}

function ip(...args: string[]): void {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr}`);
}
