import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { createDiskWatch, machineCapacity, NotEnoughRoomError, requireRoom } from './capacity.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guildhall-capacity-'));
  write('proc/meminfo', 'MemTotal:       65536000 kB\nMemFree:         1024000 kB\nMemAvailable:   32768000 kB\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const megabytes = (count: number): string => `${count * 1024 * 1024}\n`;
const memory = async (): Promise<number> => (await machineCapacity(root, root)).memoryMegabytes;

test('without a limit, what the kernel says is available counts', async () => {
  assert.equal(await memory(), 32_000);
  write('proc/self/cgroup', '0::/user.slice\n');
  write('sys/fs/cgroup/user.slice/memory.max', 'max\n');
  write('sys/fs/cgroup/user.slice/memory.current', megabytes(100));
  assert.equal(await memory(), 32_000);
});

test('in a container its limit counts, and what is only cached in it counts as free', async () => {
  write('proc/self/cgroup', '0::/\n');
  write('sys/fs/cgroup/memory.max', megabytes(1000));
  write('sys/fs/cgroup/memory.current', megabytes(700));
  write('sys/fs/cgroup/memory.stat', `anon ${megabytes(300)}inactive_file ${megabytes(250)}active_file ${megabytes(150)}`);
  assert.equal(await memory(), 700);
});

test('control groups of version 1 are understood, also where their path is that of the host', async () => {
  write('proc/self/cgroup', '4:memory:/docker/abc\n0::/\n');
  write('sys/fs/cgroup/memory/memory.limit_in_bytes', megabytes(512));
  write('sys/fs/cgroup/memory/memory.usage_in_bytes', megabytes(112));
  write('sys/fs/cgroup/memory/memory.stat', `total_inactive_file ${megabytes(12)}`);
  assert.equal(await memory(), 412);
  write('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
  assert.equal(await memory(), 32_000);
});

test('this machine can be asked', async () => {
  const { memoryMegabytes, diskMegabytes } = await machineCapacity(root);
  assert.ok(memoryMegabytes > 0 && diskMegabytes > 0);
});

test('too little disk is refused with what to do, and little memory is warned of', () => {
  assert.throws(() => requireRoom({ memoryMegabytes: 4000, diskMegabytes: 80 }, '/data/home'), (error) => error instanceof NotEnoughRoomError && /80 MB.*\/data\/home.*GUILDHALL_HOME/.test(error.message));
  assert.match(requireRoom({ memoryMegabytes: 90, diskMegabytes: 8000 }, '/data/home') ?? '', /Only 90 MB of memory.*end other programs/);
  assert.equal(requireRoom({ memoryMegabytes: 4000, diskMegabytes: 8000 }, '/data/home'), undefined);
});

test('a disk that runs full is told of once, and once when there is room again', () => {
  const told: string[] = [];
  const watch = createDiskWatch('/data/home', (sentence) => told.push(sentence));
  for (const diskMegabytes of [5000, 90, 40, 0, 120, 90, 2000, 2000]) watch({ diskMegabytes });
  assert.deepEqual(told, [
    'Only 90 MB are free on the disk of /data/home: free some. What cannot be written waits, and goes on by itself.',
    'There is room on the disk of /data/home again.',
  ]);
});
