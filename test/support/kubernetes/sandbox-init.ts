import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';

/*
 * The first process in the namespaces of a sandbox. It starts what it is told to; when whoever started it is gone, it ends, and the
 * kernel ends all others with it.
 */

export type Order =
  | { order: 'start'; name: string; program: string; args: readonly string[]; environment: Readonly<Record<string, string>>; folder: string; log: string }
  | { order: 'signal'; name: string; signal: NodeJS.Signals }
  | { order: 'run'; id: number; program: string; args: readonly string[] };

export type News =
  | { news: 'ready' }
  | { news: 'ended'; name: string; how: string }
  | { news: 'ran'; id: number; status: number | null; output: string };

const tell = (news: News): void => void process.send?.(news);

/** What it has is shared with nobody outside, and mounts in it reach its containers. */
function prepare(): void {
  must('mount', '--make-rshared', '/');
  // Programs of Kubernetes keep what lives as long as the machine here; another sandbox, and the machine itself, must not see it.
  for (const folder of ['/run', '/var/log']) must('mount', '-t', 'tmpfs', 'tmpfs', folder);
  mkdirSync('/run/lock');
  must('ip', 'link', 'set', 'lo', 'up');
}

function must(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

const running = new Map<string, ChildProcess>();

function start({ name, program, args, environment, folder, log }: Extract<Order, { order: 'start' }>): void {
  const output = openSync(log, 'a');
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output], env: { ...process.env, ...environment } });
  closeSync(output);
  running.set(name, child);
  const ended = (how: string): void => {
    if (running.get(name) === child) running.delete(name);
    tell({ news: 'ended', name, how });
  };
  child.on('error', (error) => ended(error.message));
  child.on('exit', (code, signal) => ended(String(signal ?? code)));
}

function carryOut(order: Order): void {
  switch (order.order) {
    case 'start':
      start(order);
      break;
    case 'signal':
      if (running.get(order.name)?.kill(order.signal) !== true) tell({ news: 'ended', name: order.name, how: 'it did not run any more' });
      break;
    case 'run': {
      const { status, stdout, stderr, error } = spawnSync(order.program, order.args, { encoding: 'utf8' });
      tell({ news: 'ran', id: order.id, status, output: error?.message ?? `${stdout}${stderr}` });
      break;
    }
  }
}

process.on('message', (order: Order) => carryOut(order));
process.on('disconnect', () => process.exit());
prepare();
tell({ news: 'ready' });
