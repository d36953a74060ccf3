import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, type Informer, type KubernetesObject, type Pod } from '@guildhall/kubernetes';
import type { ContainerLog } from '../process/container-log.ts';
import { killStrays } from '../process/end-all.ts';
import { signalProcess } from '../process/identity.ts';
import { findTagged, type TaggedProcess } from '../process/tags.ts';
import { createPodWorker, podFolder, type PodDependencies, type PodWorker } from './pod-worker.ts';

export interface KubeletOptions extends PodDependencies {
  readonly pods: Informer<Pod>;
  /** Kinds that pods refer to by name, in their own namespace. */
  readonly referredTo: readonly Informer<KubernetesObject>[];
}

/** Runs the pods of the cluster as processes. */
export interface Kubelet {
  /** Adopts what an earlier run of this program left and takes on every pod there is. The informers must have synced. */
  start(): void;
  /** Ends all processes; the pods stay. */
  stop(): Promise<void>;
  /** Lets all processes run. */
  leave(): Promise<void>;
  log(namespace: string, name: string, container: string | undefined): ContainerLog | undefined;
}

/** How often logs are looked at for their size. */
const rotateEveryMs = 2_000;
const defaultGraceSeconds = 30;

export function createKubelet(options: KubeletOptions): Kubelet {
  const { pods, logger } = options;
  const workers = new Map<string, PodWorker>();
  /** Of the pod that last had a name: a new one of that name begins when nothing of the old one runs. */
  const lastOfName = new Map<string, Promise<void>>();
  const subscriptions: (() => void)[] = [];
  let found = new Map<string, TaggedProcess[]>();
  let rotation: NodeJS.Timeout | undefined;

  const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`;

  function takeOn(pod: Pod): PodWorker {
    const uid = pod.metadata.uid ?? '';
    const before = lastOfName.get(nameOf(pod)) ?? Promise.resolve();
    const worker = createPodWorker(pod, found.get(uid) ?? [], before, options);
    workers.set(uid, worker);
    lastOfName.set(nameOf(pod), worker.ended);
    void forgetName(nameOf(pod), worker.ended);
    return worker;
  }

  async function forgetName(name: string, ended: Promise<void>): Promise<void> {
    await ended;
    if (lastOfName.get(name) === ended) lastOfName.delete(name);
  }

  function podChanged({ type, object }: Change<Pod>): void {
    const uid = object.metadata.uid ?? '';
    const known = workers.get(uid);
    if (type === 'deleted') {
      // Deleted without waiting for its processes, or because they have ended.
      known?.remove(0);
      workers.delete(uid);
      return;
    }
    const worker = known ?? takeOn(object);
    if (object.metadata.deletionTimestamp !== undefined) worker.remove(graceMsOf(object));
  }

  function referredToChanged(object: KubernetesObject): void {
    for (const pod of pods.list(object.metadata.namespace)) {
      if (refersTo(pod, object)) workers.get(pod.metadata.uid ?? '')?.nudge();
    }
  }

  /** Processes and folders of pods that are no more. */
  function removeStrays(): void {
    const known = new Set(pods.list().map((it) => it.metadata.uid));
    for (const [uid, processes] of found) {
      if (known.has(uid)) continue;
      logger.warn({ uid, processes: processes.map((it) => it.process.pid) }, 'processes of a pod that no longer exists are ended');
      for (const it of processes) signalProcess(it.process, 'SIGKILL');
    }
    const folders = new Set(pods.list().map((it) => podFolder(options.podsFolder, it)));
    for (const name of readdirSync(options.podsFolder)) {
      const folder = join(options.podsFolder, name);
      if (!folders.has(folder)) rmSync(folder, { recursive: true });
    }
  }

  function rotateLogs(): void {
    for (const worker of workers.values()) {
      try {
        worker.rotateLogs();
      } catch (error) {
        logger.error({ err: error }, 'the logs of a pod could not be rotated');
      }
    }
  }

  async function endAll(end: (worker: PodWorker) => Promise<void>): Promise<void> {
    for (const unsubscribe of subscriptions.splice(0)) unsubscribe();
    clearInterval(rotation);
    await Promise.all([...workers.values()].map(end));
  }

  return {
    start() {
      found = Map.groupBy(findTagged(options.clusterId), (it) => it.tag.podUid);
      removeStrays();
      subscriptions.push(pods.onChange(podChanged));
      found = new Map(); // pods that come later have no past
      for (const informer of options.referredTo) subscriptions.push(informer.onChange(({ object, initial }) => (initial ? undefined : referredToChanged(object))));
      rotation = setInterval(rotateLogs, rotateEveryMs);
    },
    async stop() {
      await endAll((worker) => worker.stop());
      await killStrays(options.clusterId);
    },
    leave: () => endAll((worker) => worker.leave()),
    log(namespace, name, container) {
      const uid = pods.get(namespace, name)?.metadata.uid ?? '';
      return workers.get(uid)?.log(container);
    },
  };
}

function graceMsOf({ metadata, spec }: Pod): number {
  const { deletionGracePeriodSeconds } = metadata as { deletionGracePeriodSeconds?: number };
  return (deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? defaultGraceSeconds) * 1000;
}

function refersTo({ spec }: Pod, { kind, metadata: { name } }: KubernetesObject): boolean {
  if (kind === 'Service') return spec.subdomain === name;
  const volumes = spec.volumes ?? [];
  if (kind === 'PersistentVolumeClaim') return volumes.some((it) => it.persistentVolumeClaim?.claimName === name);
  const sources = spec.containers.flatMap((container) => container.env ?? []).map((it) => it.valueFrom);
  if (kind === 'Secret') return volumes.some((it) => it.secret?.secretName === name) || sources.some((it) => it?.secretKeyRef?.name === name);
  return volumes.some((it) => it.configMap?.name === name) || sources.some((it) => it?.configMapKeyRef?.name === name);
}
