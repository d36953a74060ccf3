import { readFile, statfs } from 'node:fs/promises';

/** Free memory as the kernel estimates it (MemAvailable) and free disk under the home, in MiB. */
export async function machineCapacity(home: string): Promise<{ memoryMegabytes: number; diskMegabytes: number }> {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile('/proc/meminfo', 'utf8'))?.[1];
  const disk = await statfs(home);
  return {
    memoryMegabytes: Math.floor(Number(available ?? 0) / 1024),
    diskMegabytes: Math.floor((disk.bavail * disk.bsize) / (1024 * 1024)),
  };
}
