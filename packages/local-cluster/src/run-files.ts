import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseIfWhole, readIfThere, replaceFile } from './workloads/files.ts';
import { isRunning, type ProcessIdentity } from './workloads/process/identity.ts';

const identity = z.object({ pid: z.int(), startTime: z.number(), bootId: z.string() });
const endpointSchema = z.object({ url: z.string(), process: identity });

/** Where a running local cluster answers. */
export type Endpoint = z.infer<typeof endpointSchema>;

const processFile = (home: string): string => join(home, 'main.pid');
const endpointFile = (home: string): string => join(home, 'endpoint.json');

export function writeProcess(home: string, process: ProcessIdentity): void {
  replaceFile(processFile(home), JSON.stringify(process));
}

/** The process of the local cluster that runs in this home; undefined when none does. */
export function readRunningProcess(home: string): ProcessIdentity | undefined {
  const { data: found } = identity.safeParse(parseIfWhole(readIfThere(processFile(home))));
  return found !== undefined && isRunning(found) ? found : undefined;
}

export function writeEndpoint(home: string, endpoint: Endpoint): void {
  replaceFile(endpointFile(home), JSON.stringify(endpoint));
}

/** The last endpoint; of a process that may have ended. */
export function readEndpoint(home: string): Endpoint | undefined {
  return endpointSchema.safeParse(parseIfWhole(readIfThere(endpointFile(home)))).data;
}

/** At the end of the process. The endpoint stays: the next run takes the same port, so that clients find it again. */
export function removeProcess(home: string): void {
  rmSync(processFile(home), { force: true });
}
