import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isRunning, readProcess, signalProcess, type ProcessIdentity } from '@guildhall/local-cluster/process';
import { until } from './until.ts';

export interface HomeProcess extends ProcessIdentity {
  kind: 'guildhall' | 'local cluster' | 'pod' | 'other';
  command: string;
  /** Leads a session of its own: the first process of whatever it belongs to. */
  leader: boolean;
  environment: Readonly<Record<string, string>>;
}

function read(pid: number, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended, or is another user's and so not of a home of ours.
    return '';
  }
}

function workingFolder(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

const environmentOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split('\0').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    }),
  );

function kindOf(command: string, environment: Record<string, string>): HomeProcess['kind'] {
  if (environment['GUILDHALL_POD_PROCESS'] !== undefined) return 'pod';
  if (command.includes('packages/local-cluster/src/main.ts')) return 'local cluster';
  return /services\/standalone\/src\/main\.ts|scripts\/start\.js/.test(command) ? 'guildhall' : 'other';
}

/** Every process of the machine that has to do with a home: by its command, its environment or its working folder. */
export function processesOf(home: string): HomeProcess[] {
  return readdirSync('/proc').flatMap((name): HomeProcess[] => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const [command, environment] = [read(pid, 'cmdline').replaceAll('\0', ' ').trim(), read(pid, 'environ')];
    if (![command, environment, `${workingFolder(pid)}/`].some((text) => text.includes(home))) return [];
    const state = readProcess(pid);
    if (state === undefined) return [];
    const variables = environmentOf(environment);
    return [{ pid, startTime: state.startTime, bootId: state.bootId, kind: kindOf(command, variables), command, leader: state.sessionId === pid, environment: variables }];
  });
}

/** The first processes of pods, by the address that each has: `127.x.y.z`. */
export function podProcesses(home: string): Map<string, HomeProcess[]> {
  const byAddress = new Map<string, HomeProcess[]>();
  for (const found of processesOf(home)) {
    const address = found.environment['POD_IP'];
    if (found.kind !== 'pod' || !found.leader || address === undefined) continue;
    byAddress.set(address, [...(byAddress.get(address) ?? []), found]);
  }
  return byAddress;
}

/** SIGKILL, and waits until it is gone. */
export async function killHard(target: ProcessIdentity): Promise<void> {
  signalProcess(target, 'SIGKILL');
  await until(`process ${target.pid} is gone`, () => !isRunning(target));
}
