import { unknownExitCode, type Terminated } from './container-status.ts';
import { isRunning, killSession, signalProcess, type ProcessIdentity } from './identity.ts';
import { readRecord } from './process-record.ts';
import type { TaggedProcess } from './tags.ts';

/** What an earlier run of this program left of a container. */
export interface Inheritance {
  /** Goes on running. */
  readonly running?: ProcessIdentity;
  /** Of what runs, or of the next start. */
  readonly restartCount: number;
  /** How what ran last has ended. */
  readonly last?: Terminated;
}

/**
 * Puts together what was written down and which processes carry the container's tag. Either may be missing: a crash between a start and
 * its record leaves only the tag, a process that ended meanwhile only the record.
 */
export function inherit(folder: string, found: readonly TaggedProcess[], now: number): Inheritance {
  const record = readRecord(folder);
  const running = found.filter((it) => it.leader).map(({ process, tag }) => ({ process, restartCount: tag.restartCount }));
  if (record !== undefined && isRunning(record.process) && !running.some((it) => it.process.pid === record.process.pid)) {
    running.push(record);
  }
  running.sort((a, b) => a.process.startTime - b.process.startTime);
  // Nothing is started while something runs, so there is one; should there be more, the first keeps its place.
  const [first, ...others] = running;
  for (const other of others) killSession(other.process);
  if (first !== undefined) return { running: first.process, restartCount: first.restartCount };
  // Descendants of a process that ended while nobody looked: they would hold its ports.
  for (const rest of found) signalProcess(rest.process, 'SIGKILL');
  if (record === undefined) return { restartCount: 0 };
  const last: Terminated = record.ended ?? {
    kind: 'terminated',
    exitCode: unknownExitCode,
    reason: 'ContainerStatusUnknown',
    message: 'ended while the local cluster did not run',
    startedAt: record.startedAt,
    finishedAt: now,
    process: record.process,
  };
  return { restartCount: record.restartCount + 1, last };
}
