import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** Too little memory or disk to begin with. */
export class NotEnoughRoomError extends Error {
  override name = 'NotEnoughRoomError';
}

export interface FreeRoom {
  memoryMegabytes: number;
  diskMegabytes: number;
}

const megabyte = 1024 * 1024;

/** The files of a control group (a container, a unit of systemd) by which the kernel limits memory: version 2, version 1. */
const controlGroups = [
  { line: /^0::(.*)$/m, folder: '/sys/fs/cgroup', limit: 'memory.max', used: 'memory.current', files: /^(?:in)?active_file (\d+)$/gm },
  { line: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m, folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', files: /^total_(?:in)?active_file (\d+)$/gm },
];

const textOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined); // no such group: no limit

/** What this process's control group may still use; undefined without a limit. Pages of files count as free: the kernel takes them back. */
async function groupFree(root: string): Promise<number | undefined> {
  const groups = (await textOf(join(root, '/proc/self/cgroup'))) ?? '';
  for (const { line, folder, limit, used, files } of controlGroups) {
    const own = line.exec(groups)?.[1];
    // In a container the path may be the host's, and the group's files are then at the top.
    for (const path of own === undefined ? [] : [own, '/']) {
      const [limitText, usedText, statistics] = await Promise.all([limit, used, 'memory.stat'].map((name) => textOf(join(root, folder, path, name))));
      const bytes = Number(limitText);
      if (limitText === undefined || usedText === undefined || !Number.isFinite(bytes)) continue;
      const reclaimable = [...(statistics ?? '').matchAll(files)].reduce((sum, [, count]) => sum + Number(count), 0);
      return Math.max(0, bytes - Number(usedText) + reclaimable);
    }
  }
  return undefined;
}

/** Free memory as the kernel estimates it (MemAvailable), or as far as the limit of a container leaves it, and free disk under the home, in MiB. */
export async function machineCapacity(home: string, root = '/'): Promise<FreeRoom> {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile(join(root, '/proc/meminfo'), 'utf8'))?.[1];
  const memory = Math.min(Number(available ?? 0) * 1024, (await groupFree(root)) ?? Infinity);
  const disk = await statfs(home);
  return { memoryMegabytes: Math.floor(memory / megabyte), diskMegabytes: Math.floor((disk.bavail * disk.bsize) / megabyte) };
}

/** A database takes 40 MB when it is made and writes ahead in files of 16 MB; what nodes need is asked when they are wanted. */
const leastDiskMegabytes = 150;
/** Guildhall, the local cluster and PostgreSQL, before any node. */
const usualMemoryMegabytes = 400;

/**
 * Asked before anything is started.
 * @returns a warning for the person, if there is one
 * @throws NotEnoughRoomError when the start would fail half-way
 */
export function requireRoom({ memoryMegabytes, diskMegabytes }: FreeRoom, home: string): string | undefined {
  if (diskMegabytes < leastDiskMegabytes) {
    throw new NotEnoughRoomError(`Only ${diskMegabytes} MB are free on the disk of ${home}, and Guildhall needs ${leastDiskMegabytes} MB to begin with: free some, or set GUILDHALL_HOME to a folder on a larger disk`);
  }
  if (memoryMegabytes >= usualMemoryMegabytes) return undefined;
  return `Only ${memoryMegabytes} MB of memory are free, and Guildhall takes about ${usualMemoryMegabytes} MB before any node: end other programs, or it will be slow or ended by the system`;
}

/** With less, PostgreSQL and the nodes soon fail to write. */
const lowDiskMegabytes = 100;

/** To be asked now and then. Tells the person once when the disk runs full, and once when there is room again. */
export function createDiskWatch(home: string, tell: (sentence: string) => void): (free: Pick<FreeRoom, 'diskMegabytes'>) => void {
  let isLow = false;
  return ({ diskMegabytes }) => {
    if (!isLow && diskMegabytes < lowDiskMegabytes) {
      isLow = true;
      tell(`Only ${diskMegabytes} MB are free on the disk of ${home}: free some. What cannot be written waits, and goes on by itself.`);
    } else if (isLow && diskMegabytes >= leastDiskMegabytes) {
      isLow = false;
      tell(`There is room on the disk of ${home} again.`);
    }
  };
}
