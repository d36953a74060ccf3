import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLogger } from '@guildhall/kubernetes';
import { createContainerLog } from './container-log.ts';
import { NotStartableError, type ContainerStatus } from './container-status.ts';
import { createContainer, type Container, type ContainerEvent, type ContainerPlan } from './container.ts';
import { readProcess, signalProcess } from './identity.ts';
import type { ContainerProbes } from './prober.ts';
import { findTagged, tagVariables } from './tags.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** One container in a folder of its own, and what it said of itself. */
function createWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-container-'));
  const clusterId = randomUUID();
  cleanUps.push(async () => {
    for (const { process: it } of findTagged(clusterId)) signalProcess(it, 'SIGKILL');
    while (findTagged(clusterId).length > 0) await delay(5);
    rmSync(folder, { recursive: true });
  });
  const statuses: ContainerStatus[] = [];
  const events: ContainerEvent[] = [];
  return {
    folder,
    clusterId,
    statuses,
    events,
    start(
      program: string | (() => ContainerPlan),
      probes: ContainerProbes = {},
      log = createContainerLog(join(folder, 'log'), { maxBytes: 1_000_000, maxFiles: 3 }),
    ): { container: Container; done: Promise<void> } {
      const plan = (script: string): ContainerPlan => ({
        command: ['/bin/sh', '-c', script],
        environment: { PATH: process.env['PATH'] ?? '' },
        workingDirectory: folder,
      });
      const container = createContainer({
        clusterId,
        podUid: 'pod-1',
        name: 'node',
        folder,
        log,
        probes: () => probes,
        prepare: () => (typeof program === 'string' ? plan(program) : program()),
        found: findTagged(clusterId),
        onStatus: (status) => statuses.push(status),
        onEvent: (event) => events.push(event),
        now: Date.now,
        logger: silentLogger,
      });
      const done = container.run();
      cleanUps.push(() => {
        container.leave();
        return done;
      });
      return { container, done };
    },
  };
}

async function until<T>(condition: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = condition();
    if (found !== undefined && found !== false) return found;
    await delay(5);
  }
}

function runningPid(container: Container): number | undefined {
  return container.status.state.kind === 'running' ? container.status.state.process.pid : undefined;
}

test('a program runs in a session of its own and is ready at once when it has no probe', async () => {
  const world = createWorld();
  const { container } = world.start('sleep 60');
  await until(() => container.status.ready);
  const pid = runningPid(container)!;
  assert.equal(readProcess(pid)?.sessionId, pid);
});

test('the end of a program is told with its exit code and last lines, and it is started again at once', async () => {
  const world = createWorld();
  const { container } = world.start('if test -e second; then exec sleep 60; fi; touch second; echo ready; echo oh no >&2; exit 3');
  await until(() => container.status.restartCount === 1 && container.status.ready);
  const ended = world.statuses.find((it) => it.state.kind === 'terminated');
  assert.equal(ended?.ready, false);
  assert.partialDeepStrictEqual(ended?.state, { exitCode: 3, reason: 'Error', message: 'ready\noh no' });
  assert.partialDeepStrictEqual(container.status.last, { exitCode: 3 });
});

test('a program that ends again and again waits longer each time, and says so', async () => {
  const world = createWorld();
  const { container } = world.start('echo broken; exit 1');
  await until(() => container.status.state.kind === 'waiting' && container.status.restartCount === 1);
  assert.partialDeepStrictEqual(container.status.state, { reason: 'CrashLoopBackOff' });
  assert.match((container.status.state as { message: string }).message, /exit code 1 again; it is started again in 1 s/);
  assert.partialDeepStrictEqual(container.status.last, { message: 'broken' });
});

test('what a program leaves behind when it ends is killed with it', async () => {
  const world = createWorld();
  const { container } = world.start('if test -e second; then exec sleep 60; fi; touch second; sleep 300 & echo $! > child; exit 1');
  await until(() => container.status.restartCount === 1 && container.status.ready);
  const child = Number(readFileSync(join(world.folder, 'child'), 'utf8'));
  await until(() => readProcess(child) === undefined);
});

test('stopping asks first, and kills when the grace has passed', async () => {
  const world = createWorld();
  const polite = world.start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.02; done");
  await until(() => written(world.folder, 'log/0.log').includes('up'));
  polite.container.stop(30_000);
  await polite.done;
  assert.partialDeepStrictEqual(polite.container.status.state, { kind: 'terminated', exitCode: 0, reason: 'Completed' });

  const stubborn = world.start("trap '' TERM; echo up; while :; do sleep 0.02; done");
  await until(() => written(world.folder, 'log/1.log').includes('up'));
  stubborn.container.stop(50);
  await stubborn.done;
  assert.partialDeepStrictEqual(stubborn.container.status.state, { exitCode: 137, signal: 9 });
});

test('a program that is left running is taken over by the next supervisor, which also sees its end', async () => {
  const world = createWorld();
  const first = world.start('while ! test -e end; do sleep 0.02; done');
  const pid = await until(() => runningPid(first.container));
  first.container.leave();
  await first.done;

  const second = world.start('exec sleep 60');
  assert.equal(await until(() => runningPid(second.container)), pid);
  assert.equal(second.container.status.restartCount, 0);
  process.kill(pid, 'SIGKILL');
  await until(() => second.container.status.restartCount === 1 && second.container.status.ready);
  // Only its parent learns how a process ended, and that is gone.
  assert.partialDeepStrictEqual(second.container.status.last, { reason: 'ContainerStatusUnknown', exitCode: 137 });
});

test('a program that was started but never written down is found by its environment', async () => {
  const world = createWorld();
  const tag = { clusterId: world.clusterId, podUid: 'pod-1', container: 'node', restartCount: 4 };
  const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env: { ...process.env, ...tagVariables(tag) } });
  const { container } = world.start('exec sleep 60');
  assert.equal(await until(() => runningPid(container)), orphan.pid);
  assert.equal(container.status.restartCount, 4);
});

test('a program that ended while nobody looked is started again and its end reported as unknown', async () => {
  const world = createWorld();
  const first = world.start('exec sleep 60');
  const pid = await until(() => runningPid(first.container));
  first.container.leave();
  await first.done;
  process.kill(pid, 'SIGKILL');
  await until(() => readProcess(pid) === undefined);

  const second = world.start('exec sleep 60');
  await until(() => second.container.status.ready);
  assert.equal(second.container.status.restartCount, 1);
  assert.partialDeepStrictEqual(second.container.status.last, { reason: 'ContainerStatusUnknown', exitCode: 137 });
});

test('the log of a program that keeps writing is rotated under it', async () => {
  const world = createWorld();
  const log = createContainerLog(join(world.folder, 'log'), { maxBytes: 2_000, maxFiles: 1_000 });
  const { container } = world.start('i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo "line $i"; [ $((i % 200)) -gt 0 ] || sleep 0.01; done; exec sleep 60', {}, log);
  await until(() => runningPid(container));
  let text = '';
  const following = (async () => {
    for await (const chunk of log.read({ follow: true })) text += Buffer.from(chunk).toString();
  })();
  await until(() => {
    log.rotate();
    return text.includes('line 5000\n');
  });
  container.stop(0);
  await following;
  assert.ok(readdirSync(join(world.folder, 'log')).length > 5);
  // Between the last copied byte and the emptying a line may be lost, but none comes twice, out of order or torn apart by a hole.
  const numbers = text.trim().split('\n').flatMap((line) => /^line (\d+)$/.exec(line)?.[1] ?? []).map(Number);
  assert.ok(numbers.length > 4_500, `${numbers.length} of 5000 lines arrived`);
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  assert.ok(!text.includes('\0'));
});

test('what outlived a program that ended while nobody looked does not outlive the next start', async () => {
  const world = createWorld();
  const tag = { clusterId: world.clusterId, podUid: 'pod-1', container: 'node', restartCount: 0 };
  const options = { detached: true, stdio: 'ignore', cwd: world.folder, env: { ...process.env, ...tagVariables(tag) } } as const;
  await once(spawn('sh', ['-c', 'sleep 600 & echo $! > child'], options), 'exit');
  const child = Number(written(world.folder, 'child'));
  assert.ok(readProcess(child));
  // In the moment in which it turns from a shell into sleep its environment cannot be read.
  await until(() => findTagged(world.clusterId).length > 0);

  const second = world.start('exec sleep 600');
  await until(() => second.container.status.ready);
  await until(() => readProcess(child) === undefined);
});

test('a program that hangs is killed by its liveness probe and started again', async () => {
  const world = createWorld();
  const port = await freePort();
  const server = `require('node:http').createServer((_, response) => response.end('ok')).listen(${port}, '127.0.0.1')`;
  const probe = {
    target: { kind: 'http', scheme: 'HTTP', host: '127.0.0.1', port, path: '/' },
    initialDelayMs: 0,
    periodMs: 50,
    timeoutMs: 200,
    successThreshold: 1,
    failureThreshold: 2,
  } as const;
  const { container } = world.start(
    () => ({
      command: [process.execPath, '-e', server],
      environment: {},
      workingDirectory: world.folder,
    }),
    { startup: { ...probe, failureThreshold: 1000 }, readiness: probe, liveness: probe },
  );
  await until(() => container.status.ready);
  const pid = runningPid(container)!;
  process.kill(pid, 'SIGSTOP');
  await until(() => container.status.restartCount === 1 && container.status.ready);
  assert.notEqual(runningPid(container), pid);
  assert.match(container.status.last!.message, /^liveness probe failed 2 times: no answer from 127\.0\.0\.1/);
  assert.ok(world.events.some((it) => it.reason === 'Killing'));
});

test('a program whose start cannot be written down runs all the same, once', async () => {
  const world = createWorld();
  const { container } = world.start(() => {
    mkdirSync(join(world.folder, 'process.json'), { recursive: true });
    return { command: ['sleep', '60'], environment: { PATH: process.env['PATH'] ?? '' }, workingDirectory: world.folder };
  });
  await until(() => container.status.ready);
  await delay(50);
  assert.deepEqual(findTagged(world.clusterId).map((it) => it.process.pid), [runningPid(container)]);
});

test('what keeps a program from starting is said, and it starts when that is gone', async () => {
  const world = createWorld();
  let missing = true;
  const { container } = world.start(() => {
    if (missing) throw new NotStartableError('ErrImagePull', 'no program for image x', 3_600_000);
    return { command: ['sleep', '60'], environment: { PATH: process.env['PATH'] ?? '' }, workingDirectory: world.folder };
  });
  await until(() => container.status.state.kind === 'waiting' && container.status.state.reason === 'ErrImagePull');
  missing = false;
  container.nudge();
  await until(() => container.status.ready);
});

test('a program that the system refuses to start is said to be so', async () => {
  const world = createWorld();
  const { container } = world.start(() => ({ command: ['/nowhere/at/all'], environment: {}, workingDirectory: world.folder }));
  await until(() => container.status.state.kind === 'waiting' && container.status.state.reason === 'CreateContainerError');
  assert.match((container.status.state as { message: string }).message, /cannot start \/nowhere\/at\/all: .*ENOENT/);
});

function written(folder: string, file: string): string {
  return existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
