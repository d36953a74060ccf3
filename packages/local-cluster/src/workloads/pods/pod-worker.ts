import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Container as ContainerSpec, type Logger, type Pod, type Timer } from '@guildhall/kubernetes';
import { insist } from '../insist.ts';
import { createContainerLog, type ContainerLog, type LogLimits } from '../process/container-log.ts';
import { NotStartableError, type ContainerStatus } from '../process/container-status.ts';
import { createContainer, type Container, type ContainerEvent } from '../process/container.ts';
import { signalProcess } from '../process/identity.ts';
import type { TaggedProcess } from '../process/tags.ts';
import { planContainer, type PlanContext } from './container-plan.ts';
import { createPodVolumes } from './pod-volumes.ts';
import { podStatus, type PodStatus } from './pod-status.ts';
import { probesOf } from './probes.ts';
import { createStatusWriter } from './status-writer.ts';

/** What every pod's worker needs; one per cluster. */
export interface PodDependencies extends Pick<PlanContext, 'nodeName' | 'lookups' | 'findProgram' | 'searchPath'> {
  readonly clusterId: string;
  /** Holds a folder per pod. */
  readonly podsFolder: string;
  readonly logLimits: LogLimits;
  /** The pod's address for life; undefined while its Service has none. */
  readonly addressOf: (pod: Pod) => string | undefined;
  readonly claimFolder: (namespace: string, claimName: string) => string | undefined;
  readonly writeStatus: (pod: Pod, status: PodStatus) => Promise<unknown>;
  /** Removes the object of a pod whose processes have ended. */
  readonly forget: (pod: Pod) => Promise<unknown>;
  readonly recordEvent: (pod: Pod, event: ContainerEvent) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PodWorker {
  readonly uid: string;
  /** Resolves when nothing of the pod runs any more, or it was left. */
  readonly ended: Promise<void>;
  /** Something that the pod refers to has changed. */
  nudge(): void;
  /** The pod is to be deleted: ends it, and removes its object and its folder then. */
  remove(graceMs: number): void;
  /** Ends the processes; the pod stays and is started by the next run of this program. */
  stop(): Promise<void>;
  /** Lets the processes run for the next run of this program to adopt. */
  leave(): Promise<void>;
  log(container: string | undefined): ContainerLog | undefined;
  rotateLogs(): void;
}

/** The folder of a pod: names for people, the uid for truth. */
export function podFolder(podsFolder: string, { metadata }: Pod): string {
  return join(podsFolder, `${metadata.namespace}_${metadata.name}_${metadata.uid}`);
}

const defaultGraceSeconds = 30;
/** At the end of this program what is still to be written is worth this much waiting. */
const lastWritesMs = 2_000;
const refreshAgainMs = 1_000;

type Ending = { readonly kind: 'stop'; readonly graceMs: number } | { readonly kind: 'leave' };

/** Runs one pod. `found` are its processes that an earlier run of this program left running; `after` must have passed before the first start. */
export function createPodWorker(pod: Pod, found: readonly TaggedProcess[], after: Promise<void>, dependencies: PodDependencies): PodWorker {
  const { clock, recordEvent } = dependencies;
  const uid = pod.metadata.uid ?? '';
  const folder = podFolder(dependencies.podsFolder, pod);
  const logger = dependencies.logger.child({ pod: `${pod.metadata.namespace}/${pod.metadata.name}` });
  const volumes = createPodVolumes(pod, join(folder, 'volumes'), dependencies.lookups, dependencies.claimFolder);
  const writer = createStatusWriter((status: PodStatus) => dependencies.writeStatus(pod, status), clock, logger);
  const startTime = pod.status?.startTime === undefined ? clock.now() : Date.parse(pod.status.startTime);
  const logs = new Map(pod.spec.containers.map(({ name }) => [name, createContainerLog(logFolder(name), dependencies.logLimits)]));
  const containers: Container[] = [];
  const givenUp = new AbortController();
  let ending: Ending | undefined;
  let removing = false;
  let written = pod.status;
  let podIP: string | undefined;
  let refreshAgain: Timer | undefined;
  let isOver = false;
  let wake = (): void => undefined;

  function logFolder(container: string): string {
    return join(folder, container, 'log');
  }

  function report(telling: boolean): void {
    const observed = { pod, podIP, startTime, containers: containers.map((it) => it.status) };
    const status = podStatus(observed, written, clock.now());
    if (JSON.stringify(status) === JSON.stringify(written)) return;
    written = status;
    writer.put(status, telling);
  }

  function reportWaiting(message: string): void {
    const state = { kind: 'waiting', reason: 'ContainerCreating', message } as const;
    const waiting: ContainerStatus = { state, restartCount: 0, started: false, ready: false };
    written = podStatus({ pod, podIP, startTime, containers: pod.spec.containers.map(() => waiting) }, written, clock.now());
    writer.put(written, false);
  }

  /** Resolves with the pod's address, or with undefined when the pod ends before it has one. */
  async function untilAddressed(): Promise<string | undefined> {
    for (let said = false; ; said = true) {
      const address = dependencies.addressOf(pod);
      if (address !== undefined || ending !== undefined) return address;
      if (!said) reportWaiting(`the Service ${pod.spec.subdomain} of the pod is not there yet`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  function containerOf(spec: ContainerSpec, address: string, log: ContainerLog): Container {
    const own = join(folder, spec.name);
    const probes = () => {
      try {
        return probesOf(spec, address);
      } catch (error) {
        throw new NotStartableError('CreateContainerConfigError', error instanceof Error ? error.message : String(error), 60_000);
      }
    };
    return createContainer({
      clusterId: dependencies.clusterId,
      podUid: uid,
      name: spec.name,
      folder: own,
      log,
      probes,
      prepare: () => planContainer(spec, { ...dependencies, pod, podIP: address, folder: own, volumes }),
      found: found.filter((it) => it.tag.container === spec.name),
      onStatus: (status) => report(status.state.kind === 'terminated'),
      onEvent: (event) => recordEvent(pod, event),
      now: () => clock.now(),
      logger,
    });
  }

  /** As often as it takes: nobody says again what has changed. */
  function refreshVolumes(): void {
    refreshAgain?.cancel();
    try {
      volumes.refresh();
    } catch (error) {
      logger.error({ err: error }, 'the volumes of a pod could not be brought up to date; it is tried again');
      if (!isOver) refreshAgain = clock.setTimeout(refreshVolumes, refreshAgainMs);
    }
  }

  async function run(): Promise<void> {
    await after;
    refreshVolumes(); // of a pod that runs: something may have changed while no program looked
    podIP = await untilAddressed();
    if (podIP !== undefined) await runContainers(podIP);
    else if (ending?.kind === 'stop') for (const it of found) signalProcess(it.process, 'SIGKILL');
    if (removing) await finish();
  }

  async function runContainers(address: string): Promise<void> {
    reportNotEnforced();
    for (const spec of pod.spec.containers) {
      const log = logs.get(spec.name);
      if (log !== undefined) containers.push(containerOf(spec, address, log));
    }
    if (ending !== undefined) for (const container of containers) endContainer(container, ending);
    await Promise.all(containers.map((it) => it.run()));
  }

  /** Said when the pod is new, and not again by each run of this program. */
  function reportNotEnforced(): void {
    if (pod.status?.startTime !== undefined) return;
    if (!pod.spec.containers.some((it) => Object.keys(it.resources?.limits ?? {}).length > 0)) return;
    const message = 'Limits of CPU and memory are not enforced by the local cluster';
    recordEvent(pod, { type: 'Normal', reason: 'NotEnforced', message });
  }

  function end(how: Ending): void {
    ending = how;
    wake();
    for (const container of containers) endContainer(container, how);
  }

  function endContainer(container: Container, how: Ending): void {
    if (how.kind === 'leave') container.leave();
    else container.stop(how.graceMs);
  }

  /** Nothing more is written; the next run of this program finds what is left to do. */
  function giveUp(): void {
    givenUp.abort();
    writer.close();
  }

  async function finish(): Promise<void> {
    await writer.flushed();
    const forget = async (): Promise<void> => {
      rmSync(folder, { recursive: true, force: true });
      await dependencies.forget(pod);
    };
    await insist('removing a pod that has ended', forget, clock, logger, givenUp.signal);
  }

  const ended = run()
    .catch((error: unknown) => logger.error({ err: error }, 'the pod is no longer looked after: this is a bug'))
    .finally(() => {
      isOver = true;
      refreshAgain?.cancel();
    });

  return {
    uid,
    ended,
    nudge() {
      refreshVolumes();
      wake();
      for (const container of containers) container.nudge();
    },
    remove(graceMs) {
      if (!removing) recordEvent(pod, { type: 'Normal', reason: 'Killing', message: 'Stopping the containers of the pod' });
      removing = true;
      end({ kind: 'stop', graceMs });
    },
    async stop() {
      const graceMs = (pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds) * 1000;
      end({ kind: 'stop', graceMs });
      const timer = clock.setTimeout(giveUp, graceMs + lastWritesMs);
      await ended;
      const last = clock.setTimeout(giveUp, lastWritesMs);
      await writer.flushed();
      timer.cancel();
      last.cancel();
    },
    async leave() {
      end({ kind: 'leave' });
      giveUp();
      await ended;
    },
    log: (container) => logs.get(container ?? pod.spec.containers[0]?.name ?? ''),
    rotateLogs() {
      for (const log of logs.values()) log.rotate();
    },
  };
}
