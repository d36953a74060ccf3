import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createStore } from '../../store/create-store.ts';
import { createInMemoryCluster } from '../../create-cluster.ts';
import { systemPrincipal, type ClusterClient } from '../../cluster.ts';
import {
  namespaces, pods, services, silentLogger, statefulSets, systemClock, type Container, type Pod, type StatefulSet, type Volume,
} from '@guildhall/kubernetes';
import { claimNetwork, defaultRegistry, type ClusterIdentity } from '../addresses/network.ts';
import type { Program } from '../pods/programs.ts';
import { signalProcess } from '../process/identity.ts';
import { findTagged } from '../process/tags.ts';
import { createWorkloads, type Workloads } from '../workloads.ts';

export const namespace = 'gh-test';

export interface World {
  readonly home: string;
  readonly identity: ClusterIdentity;
  readonly client: ClusterClient;
  /** Changes take effect like those of the settings file. */
  readonly programs: Record<string, Program>;
  readonly workloads: Workloads;
  /** Ends this run of the workloads, its processes going on, and begins another, as after a crash. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A cluster in memory whose pods run. Images: `sh` (the shell), `node` (this Node.js). */
export async function createWorld(): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'guildhall-workloads-'));
  const identity = await claimNetwork({ home, registry: defaultRegistry });
  const programs: Record<string, Program> = {
    sh: { command: ['/bin/sh', '-c'] },
    node: { command: [process.execPath] },
  };
  const store = createStore();
  const begin = (): Workloads =>
    createWorkloads({
      home,
      identity,
      findProgram: (image) => programs[image],
      searchPath: process.env['PATH'] ?? '',
      logLimits: { maxBytes: 1_000_000, maxFiles: 3 },
      clock: systemClock,
      logger: silentLogger,
    });
  let workloads = begin();
  const cluster = await createInMemoryCluster({
    store,
    clock: systemClock,
    ports: {
      allocateClusterIP: (service, used) => workloads.ports.allocateClusterIP(service, used),
      podLog: (request) => workloads.ports.podLog(request),
    },
  });
  const client = cluster.connect(systemPrincipal);
  await client.create(namespaces, { metadata: { name: namespace } });
  await workloads.start(client);
  return {
    home,
    identity,
    client,
    programs,
    get workloads() {
      return workloads;
    },
    async restart() {
      await workloads.leave();
      workloads = begin();
      await workloads.start(client);
    },
    async close() {
      await workloads.leave();
      for (const { process: it } of findTagged(identity.id)) signalProcess(it, 'SIGKILL');
      while (findTagged(identity.id).length > 0) await delay(5);
      rmSync(home, { recursive: true });
    },
  };
}

/** A StatefulSet of one container, which runs a shell script or, with the image `node`, a module. */
export function statefulSet(name: string, script: string, container: Partial<Container> = {}, volumes: Volume[] = []): StatefulSet {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: {
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [{ name: 'main', image: 'sh', args: container.image === 'node' ? ['-e', script] : [script], ...container }],
          volumes,
        },
      },
    },
  };
}

/** Creates a StatefulSet with its Service. */
export async function deploy({ client }: World, set: StatefulSet): Promise<void> {
  await client.create(services, { metadata: { name: set.metadata.name, namespace }, spec: { ports: [{ port: 7000 }], selector: { app: set.metadata.name } } });
  await client.create(statefulSets, set);
}

/** Waits until the pod `<name>-0` is as it should be. */
export async function podThat({ client }: World, name: string, condition: (pod: Pod) => boolean): Promise<Pod> {
  for (;;) {
    const pod = await client.get(pods, { namespace, name: `${name}-0` });
    if (pod !== undefined && condition(pod)) return pod;
    await delay(5);
  }
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') === true;
}

export function pidOf(pod: Pod): number {
  const [, pid] = /^process:\/\/(\d+)$/.exec(pod.status?.containerStatuses?.[0]?.containerID ?? '') ?? [];
  if (pid === undefined) throw new Error(`the pod ${pod.metadata.name} has no process`);
  return Number(pid);
}

export async function readLog(world: World, name: string, options: { tailLines?: number; previous?: boolean } = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of world.client.podLog({ namespace, name: `${name}-0` }, options)) lines.push(line);
  return lines;
}
