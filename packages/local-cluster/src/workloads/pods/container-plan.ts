import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, Pod } from '@guildhall/kubernetes';
import { NotStartableError } from '../process/container-status.ts';
import type { ContainerPlan } from '../process/container.ts';
import { findListener, findOwner, isTaken, listTcpListeners } from '../process/listeners.ts';
import { createMountPaths } from '../volumes/mount-paths.ts';
import { expand, resolveEnvironment } from './environment.ts';
import type { Lookups } from './lookups.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { commandLine, programOf, rawCommand, searchPathOf, type FindProgram } from './programs.ts';

export interface PlanContext {
  readonly pod: Pod;
  readonly podIP: string;
  readonly nodeName: string;
  /** A folder of the container's own: home, temporary files and, unless it says otherwise, working directory. */
  readonly folder: string;
  readonly volumes: PodVolumes;
  readonly lookups: Lookups;
  readonly findProgram: FindProgram;
  /** PATH of this process: where programs are found that their image gives without a path. */
  readonly searchPath: string;
}

/** Everything a container needs to start, made ready. Throws NotStartableError when something is missing. */
export async function planContainer(container: Container, context: PlanContext): Promise<ContainerPlan> {
  const { pod, podIP, nodeName, folder, volumes, lookups } = context;
  refuseUnsupported(pod);
  const program = programOf(container, context.findProgram);
  volumes.prepare();
  const namespace = pod.metadata.namespace ?? '';
  const variables = resolveEnvironment(container.env ?? [], {
    pod,
    podIP,
    nodeName,
    secret: (name) => lookups.secret(namespace, name),
    configMap: (name) => lookups.configMap(namespace, name),
  });
  const real = createMountPaths(volumes.mountsOf(container));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const environment = {
    PATH: searchPathOf(program, context.searchPath),
    HOME: folder,
    TMPDIR: temporary,
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    ...program.environment,
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, real(value)])),
  };
  const command = rawCommand(container, program).map((word) => real(expand(word, variables)));
  const line = commandLine(command, environment.PATH, container.image ?? '');
  await requireFreePorts(container, podIP);
  return { command: line, environment, workingDirectory: real(container.workingDir ?? folder) };
}

function refuseUnsupported({ spec }: Pod): void {
  const found = [
    ...((spec.initContainers?.length ?? 0) > 0 ? ['init containers'] : []),
    ...((spec.restartPolicy ?? 'Always') === 'Always' ? [] : [`the restart policy ${spec.restartPolicy}`]),
  ];
  if (found.length > 0) {
    throw new NotStartableError('CreateContainerConfigError', `the local cluster does not support ${found.join(' and ')}`, 60_000);
  }
}

/** A taken port would end the program with a message of its own; this one also knows who has it, before it starts. */
async function requireFreePorts(container: Container, address: string): Promise<void> {
  const ports = (container.ports ?? []).filter((it) => (it.protocol ?? 'TCP') === 'TCP').map((it) => it.containerPort);
  const taken = await Promise.all(ports.map(async (port) => ((await isTaken(address, port)) ? [port] : [])));
  const [port] = taken.flat();
  if (port === undefined) return;
  const listener = findListener(listTcpListeners(), address, port);
  const owner = listener && findOwner(listener);
  const who = owner === undefined ? 'another process' : `process ${owner.pid} (${owner.name})`;
  const where = listener === undefined ? '' : `, which listens on ${listener.address}`;
  throw new NotStartableError('PortTaken', `port ${port} of ${address} is taken by ${who}${where}: end it, the container then starts by itself`);
}
