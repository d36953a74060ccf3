import { adoptProcess, stopProcess } from './process.ts';
import { findTagged } from './tags.ts';

/** Ends all processes of a cluster without knowing its pods, as when it is told to end before it could read them. */
export async function endAllProcesses(clusterId: string, graceMs: number): Promise<void> {
  const leaders = findTagged(clusterId).filter((it) => it.leader);
  await Promise.all(leaders.map((it) => stopProcess(adoptProcess(it.process), graceMs)));
  killStrays(clusterId);
}

/** Kills what is left: descendants that left the session of their pod's process. */
export function killStrays(clusterId: string): void {
  for (const stray of findTagged(clusterId)) adoptProcess(stray.process).signal('SIGKILL');
}
