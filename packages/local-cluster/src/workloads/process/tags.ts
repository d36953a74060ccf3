import { readdirSync, readFileSync } from 'node:fs';
import { hasCode } from '../files.ts';
import { isGone, readProcess, type ProcessIdentity } from './identity.ts';

/** Says in a process's environment whose it is, so that it is found again even when nothing about it was written down. */
export interface ProcessTag {
  readonly clusterId: string;
  readonly podUid: string;
  readonly container: string;
  /** How many times the container had been restarted when this process began. */
  readonly restartCount: number;
}

export interface TaggedProcess {
  readonly tag: ProcessTag;
  readonly process: ProcessIdentity;
  /** Whether it leads a session, as each process that the cluster itself starts does; its descendants only inherit the tag. */
  readonly leader: boolean;
}

const variable = 'GUILDHALL_POD_PROCESS';

export function tagVariables(tag: ProcessTag): Record<string, string> {
  return { [variable]: [tag.clusterId, tag.podUid, tag.container, tag.restartCount].join('/') };
}

/** All running processes that carry a tag of the cluster, descendants included. Looks at every process of the machine once. */
export function findTagged(clusterId: string): TaggedProcess[] {
  const found: TaggedProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const tag = tagOf(pid);
    if (tag?.clusterId !== clusterId) continue;
    const state = readProcess(pid);
    if (state === undefined) continue;
    found.push({
      tag,
      process: { pid, startTime: state.startTime, bootId: state.bootId },
      leader: state.sessionId === pid,
    });
  }
  return found;
}

function tagOf(pid: number): ProcessTag | undefined {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch (error) {
    // Other users' processes cannot be read, and cannot be this cluster's.
    if (isGone(error) || hasCode(error, 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
  const entry = environment.split('\0').find((line) => line.startsWith(`${variable}=`));
  const parts = entry?.slice(variable.length + 1).split('/') ?? [];
  const [clusterId, podUid, container, restartCount] = parts;
  if (clusterId === undefined || podUid === undefined || container === undefined) return undefined;
  return { clusterId, podUid, container, restartCount: Number(restartCount ?? 0) };
}
