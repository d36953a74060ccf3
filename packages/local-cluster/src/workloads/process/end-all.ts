import { setTimeout as delay } from 'node:timers/promises';
import { readIdentity } from '../addresses/network.ts';
import { signalProcess } from './identity.ts';
import { adoptProcess, stopProcess } from './process.ts';
import { findTagged } from './tags.ts';

/** A process that the kernel does not let die (waiting for a disk) is not waited for any longer. */
const longestDyingMs = 2_000;

/** Whether processes of the cluster that lives in a home run, whoever looks after them. */
export function podsRun(home: string): boolean {
  const identity = readIdentity(home);
  return identity !== undefined && findTagged(identity.id).length > 0;
}

/** Pods that nobody knows the grace of get this long to end. */
const unknownGraceMs = 30_000;

/** Ends all processes of the cluster that lives in a home without knowing its pods, as when it cannot do it itself. */
export async function endPodsOf(home: string): Promise<void> {
  const identity = readIdentity(home);
  if (identity === undefined) return;
  const leaders = findTagged(identity.id).filter((it) => it.leader);
  await Promise.all(leaders.map((it) => stopProcess(adoptProcess(it.process), unknownGraceMs)));
  await killStrays(identity.id);
}

/** Kills what is left: descendants that left the session of their pod's process. Waits until they are gone. */
export async function killStrays(clusterId: string): Promise<void> {
  const deadline = performance.now() + longestDyingMs;
  for (let strays = findTagged(clusterId); strays.length > 0 && performance.now() < deadline; strays = findTagged(clusterId)) {
    for (const stray of strays) signalProcess(stray.process, 'SIGKILL');
    await delay(10);
  }
}
