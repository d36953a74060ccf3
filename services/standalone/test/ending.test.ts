import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
let home: string;
let children: ChildProcess[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'guildhall standalone '));
  children = [];
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  // What a failed test has left, by the home in its environment or its arguments.
  for (const pid of ofHome()) process.kill(pid, 'SIGKILL');
  while (ofHome().length > 0) await new Promise((next) => setTimeout(next, 20));
  rmSync(home, { recursive: true, force: true });
});

/** Processes that have to do with the home of this test: PostgreSQL, the local cluster, Guildhall. */
function ofHome(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(home));
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

interface Started {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

function start(env: Record<string, string> = {}): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GUILDHALL_') && !name.startsWith('NODE_'));
  const child = spawn(process.execPath, [join(root, 'services/standalone/src/main.ts')], {
    cwd: root,
    env: { ...Object.fromEntries(inherited.map(([name, value]) => [name, value ?? ''])), GUILDHALL_HOME: home, GUILDHALL_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

async function says({ child, output }: Started, pattern: RegExp): Promise<void> {
  while (!pattern.test(output())) {
    assert.equal(child.exitCode, null, `it ended; it said:\n${output()}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

test('when the terminal is closed everything ends, although nobody reads what is said', async () => {
  const started = start();
  await says(started, /^Guildhall is ready: http:\/\/127\.0\.0\.1:\d+$/m);
  started.child.stdout?.destroy();
  started.child.stderr?.destroy();
  started.child.kill('SIGHUP');
  assert.equal(await started.ended, 0);
  assert.deepEqual(ofHome(), []);
});

test('a port that is taken is said before anything is started, and a home that is in use before the port', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  try {
    const refused = start({ GUILDHALL_PORT: port });
    assert.equal(await refused.ended, 1);
    assert.match(refused.output(), new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken`, 'm'));
    assert.equal(existsSync(join(home, 'secrets.json')), false);
    const first = start();
    await says(first, /is ready/);
    const second = start({ GUILDHALL_PORT: port });
    assert.equal(await second.ended, 1);
    assert.match(second.output(), /^Guildhall runs already with its home in .*process \d+/m);
    first.child.kill('SIGTERM');
    assert.equal(await first.ended, 0);
    assert.deepEqual(ofHome(), []);
  } finally {
    server.close();
  }
});

test('of a log that another process holds open, too, only the last megabytes are kept', async () => {
  const started = start();
  await says(started, /is ready/);
  const log = join(home, 'logs', 'postgres.log');
  writeFileSync(log, 'x'.repeat(11 * 1024 * 1024), { flag: 'a' });
  while (!existsSync(`${log}.1`) || readFileSync(log).length > 1024 * 1024) await new Promise((next) => setTimeout(next, 50));
  started.child.kill('SIGINT');
  assert.equal(await started.ended, 0);
});

test('the command for a new token needs a Guildhall that runs, makes nothing in an empty home, and says so', async () => {
  chmodSync(home, 0o700);
  const command = spawn(process.execPath, [join(root, 'services/standalone/src/admin-token.ts')], { cwd: root, env: { PATH: process.env['PATH'], GUILDHALL_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [command.stdout, command.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(command, 'close')) as [number];
  assert.equal(code, 1);
  assert.match(output, /^Guildhall does not run with its home in .*: start it first, or set GUILDHALL_HOME\n$/);
  assert.deepEqual(readdirSync(home), []);
});
