import { timestamp, type ContainerState, type ContainerStatus as ApiContainerStatus, type Pod, type PodCondition } from '@guildhall/kubernetes';
import type { ContainerStatus, Terminated } from '../process/container-status.ts';
import type { ProcessIdentity } from '../process/identity.ts';

export type PodStatus = NonNullable<Pod['status']>;

export interface PodObservation {
  readonly pod: Pod;
  /** Undefined until the pod has its address. */
  readonly podIP: string | undefined;
  /** Milliseconds since 1970: when this pod was first taken on. */
  readonly startTime: number;
  /** In the order of the spec. */
  readonly containers: readonly ContainerStatus[];
}

/** The status that a kubelet would write. Transition times are kept from `before` where a condition has not changed. */
export function podStatus({ pod, podIP, startTime, containers }: PodObservation, before: PodStatus | undefined, now: number): PodStatus {
  const ready = containers.length > 0 && containers.every((it) => it.ready);
  const unready = pod.spec.containers.filter((_, index) => containers[index]?.ready !== true).map((it) => it.name);
  const because = ready ? {} : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const condition = (type: string, status: boolean, details: { reason?: string; message?: string } = {}): PodCondition => {
    const value = status ? 'True' : 'False';
    const old = before?.conditions?.find((it) => it.type === type);
    const lastTransitionTime = old?.status === value ? old.lastTransitionTime : undefined;
    return { type, status: value, ...details, lastTransitionTime: lastTransitionTime ?? timestamp(now) };
  };
  return {
    phase: containers.some((it) => it.state.kind !== 'waiting' || it.restartCount > 0) ? 'Running' : 'Pending',
    hostIP: '127.0.0.1',
    ...(podIP === undefined ? {} : { podIP }),
    startTime: timestamp(startTime),
    conditions: [
      condition('PodScheduled', true),
      condition('Initialized', true),
      condition('ContainersReady', ready, because),
      condition('Ready', ready, because),
    ],
    containerStatuses: pod.spec.containers.flatMap(({ name, image = '' }, index) => {
      const status = containers[index];
      return status === undefined ? [] : [containerStatus(name, image, status)];
    }),
  };
}

function containerStatus(name: string, image: string, status: ContainerStatus): ApiContainerStatus {
  const { state, last, restartCount, started, ready } = status;
  return {
    name,
    image,
    imageID: '',
    ...(state.kind === 'waiting' ? {} : { containerID: containerId(state.process) }),
    ready,
    started,
    restartCount,
    state: stateOf(state),
    lastState: last === undefined || last === state ? {} : { terminated: terminated(last) },
  };
}

function stateOf(state: ContainerStatus['state']): ContainerState {
  if (state.kind === 'running') return { running: { startedAt: timestamp(state.startedAt) } };
  if (state.kind === 'terminated') return { terminated: terminated(state) };
  return { waiting: { reason: state.reason, ...(state.message === '' ? {} : { message: state.message }) } };
}

function terminated({ exitCode, signal, reason, message, startedAt, finishedAt }: Terminated) {
  return {
    exitCode,
    ...(signal === undefined ? {} : { signal }),
    reason,
    ...(message === '' ? {} : { message }),
    startedAt: timestamp(startedAt),
    finishedAt: timestamp(finishedAt),
  };
}

function containerId({ pid }: ProcessIdentity): string {
  return `process://${pid}`;
}
