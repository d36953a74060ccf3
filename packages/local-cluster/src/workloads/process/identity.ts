import { readFileSync } from 'node:fs';
import { hasCode } from '../files.ts';

/** Names one process for good: a process id alone is used again after a while, and start times begin anew with each boot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot: field 22 of /proc/<pid>/stat (proc_pid_stat(5)). */
  readonly startTime: number;
  readonly bootId: string;
}

export interface ProcessState extends ProcessIdentity {
  /** One letter of proc_pid_stat(5): `T` stopped, `Z` ended but not yet reaped. */
  readonly state: string;
  readonly sessionId: number;
}

/** Ticks per second that /proc speaks in (USER_HZ); the kernel has kept it at 100 for user space on every architecture. */
const ticksPerSecond = 100;

if (process.platform !== 'linux') throw new Error('the local cluster needs Linux: it finds and watches its processes by way of /proc');

/** The boot that this machine runs since; process start times compare only within one. */
export const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** What /proc says of a process now; undefined when it has ended, a zombie counting as ended. */
export function readProcess(pid: number): ProcessState | undefined {
  const state = readEntry(pid);
  return state === undefined || state.state === 'Z' || state.state === 'X' ? undefined : state;
}

/** The identity of a child that this process has not reaped yet, whether or not it still runs. */
export function identifyChild(pid: number): ProcessIdentity {
  const state = readEntry(pid);
  if (state === undefined) throw new Error(`process ${pid} is not a child of this process`);
  return { pid, startTime: state.startTime, bootId };
}

function readEntry(pid: number): ProcessState | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  // The second field is the program's name in parentheses and may itself hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', , , sessionId] = fields;
  return { pid, startTime: Number(fields[19]), bootId, state, sessionId: Number(sessionId) };
}

export function isRunning(identity: ProcessIdentity): boolean {
  if (identity.bootId !== bootId) return false;
  return readProcess(identity.pid)?.startTime === identity.startTime;
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}

/** The identity of this very process. */
export function ownIdentity(): ProcessIdentity {
  return identifyChild(process.pid);
}

/** When a process began, in milliseconds since 1970, from its ticks since boot. */
export function startedAt(identity: ProcessIdentity, now: number): number {
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Math.round(now - (uptime - identity.startTime / ticksPerSecond) * 1000);
}

/**
 * Sends a signal to exactly this process; false when it has ended. The check and the signal are two steps, but a process
 * id comes round again only after all others were used, so a mix-up between them is not a practical concern.
 */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isRunning(identity) && send(identity.pid, signal);
}

/** Ends a process that leads a session, and all of its session's first group; nothing when it has ended. */
export function killSession(identity: ProcessIdentity): void {
  if (isRunning(identity)) signalGroup(identity.pid, 'SIGKILL');
}

/** Sends a signal to all processes of the group that a detached process leads; false when none is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return send(-leader, signal);
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // EPERM: what is left there has taken another user's identity or is another user's, and is not ours to end.
    if (hasCode(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}

/** /proc answers ENOENT for a process that is gone and ESRCH for one that goes while it is read. */
export function isGone(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ESRCH');
}
