import type { Problem } from '../errors.ts';

/** What the machine or cluster can still take; undefined where nobody can tell. */
export type Capacity = () => Promise<{ memoryMegabytes: number; diskMegabytes: number } | undefined>;

/**
 * On a cluster the scheduler decides, by what its machines and quotas have when a pod comes, and nobody can tell before. Nodes whose pods find no place
 * say so in their conditions.
 */
export const schedulerDecides: Capacity = () => Promise.resolve(undefined);

/** Below these a node would fail half-way, in words that help nobody. */
const diskPerNodeMegabytes = 100;

export async function capacityProblems(capacity: Capacity, needed: { memoryMegabytes: number; nodes: number }): Promise<Problem[]> {
  const free = await capacity();
  if (!free) return [];
  const problems: Problem[] = [];
  if (free.memoryMegabytes < needed.memoryMegabytes) {
    problems.push({
      code: 'INSUFFICIENT_RESOURCES',
      message: `it needs about ${needed.memoryMegabytes} MB of memory, and ${free.memoryMegabytes} MB are free`,
      nextAction: 'end other programs, delete a consortium, or use fewer nodes',
    });
  }
  const disk = needed.nodes * diskPerNodeMegabytes;
  if (free.diskMegabytes < disk) {
    problems.push({
      code: 'INSUFFICIENT_RESOURCES',
      message: `its nodes need about ${disk} MB of disk to begin with, and ${free.diskMegabytes} MB are free`,
      nextAction: 'free some disk, or set GUILDHALL_HOME to a larger one',
    });
  }
  return problems;
}
