import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from './identity.ts';
import { adoptProcess, stopProcess } from './process.ts';
import { findTagged } from './tags.ts';

/** A process that the kernel does not let die (waiting for a disk) is not waited for any longer. */
const longestDyingMs = 2_000;

/** Ends all processes of a cluster without knowing its pods, as when it is told to end before it could read them. */
export async function endAllProcesses(clusterId: string, graceMs: number): Promise<void> {
  const leaders = findTagged(clusterId).filter((it) => it.leader);
  await Promise.all(leaders.map((it) => stopProcess(adoptProcess(it.process), graceMs)));
  await killStrays(clusterId);
}

/** Kills what is left: descendants that left the session of their pod's process. Waits until they are gone. */
export async function killStrays(clusterId: string): Promise<void> {
  const deadline = performance.now() + longestDyingMs;
  for (let strays = findTagged(clusterId); strays.length > 0 && performance.now() < deadline; strays = findTagged(clusterId)) {
    for (const stray of strays) signalProcess(stray.process, 'SIGKILL');
    await delay(10);
  }
}
