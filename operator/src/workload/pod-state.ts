import type { ContainerStatus, PersistentVolumeClaim, Pod } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import type { Problem } from '../outcome.ts';

/** How a pod of one container stands. */
export type PodState =
  | ({ kind: 'absent' | 'pending' } & Problem)
  /** `instance` changes whenever the process does. */
  | { kind: 'running'; instance: string; ready: boolean; restarts: number }
  | ({ kind: 'ended'; restarts: number } & Problem);

export function podState(pod: Pod | undefined, claim?: PersistentVolumeClaim): PodState {
  if (pod === undefined) return { kind: 'absent', reason: 'WaitingForPod', message: 'Waiting for the cluster to make the pod.' };
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'ended', restarts: 0, reason: 'WaitingForPod', message: 'The pod is being deleted; a new one follows.' };
  const status = pod.status?.containerStatuses?.[0];
  if (status?.state?.running !== undefined) {
    const instance = [pod.metadata.uid, status.containerID, status.restartCount, status.state.running.startedAt].join('/');
    return { kind: 'running', instance, ready: status.ready, restarts: status.restartCount };
  }
  if (status?.state?.terminated !== undefined) return { kind: 'ended', restarts: status.restartCount, reason: 'WaitingForPod', message: endOf(status.state.terminated) };
  if (status?.state?.waiting?.reason === 'CrashLoopBackOff') return crashLoop(status);
  return { kind: 'pending', ...whyPending(pod, status, claim) };
}

/** What a person finds in the cluster. */
export function podStatus(pod: Pod | undefined): NonNullable<Node['status']>['pod'] {
  const [container] = pod?.spec.containers ?? [];
  if (pod === undefined || container === undefined) return undefined;
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt;
  return { name: pod.metadata.name, image: container.image ?? '', ...(startedAt === undefined ? {} : { startedAt }) };
}

function crashLoop(status: ContainerStatus): PodState {
  const last = status.lastState?.terminated;
  const cause = last === undefined ? (status.state?.waiting?.message ?? '') : endOf(last);
  const message = `The process has ended ${status.restartCount} times and is started again after a pause. ${cause} Its log says why.`;
  return { kind: 'ended', restarts: status.restartCount, reason: 'CrashLooping', message };
}

function endOf({ exitCode, signal, message }: { exitCode: number; signal?: number; message?: string }): string {
  const how = signal === undefined ? `with exit code ${exitCode}` : `by signal ${signal}`;
  const said = message?.trim().slice(-500) ?? '';
  return said === '' ? `The process ended ${how}. It is started again.` : `The process ended ${how}: ${JSON.stringify(said)}. It is started again.`;
}

/** By the words of a kubelet (pkg/kubelet/images, kuberuntime) and of the local cluster. */
const waitingReasons: Readonly<Record<string, Problem['reason']>> = {
  ErrImagePull: 'ProgramMissing',
  ImagePullBackOff: 'ProgramMissing',
  InvalidImageName: 'ProgramMissing',
  PortTaken: 'AddressInUse',
};

function whyPending(pod: Pod, status: ContainerStatus | undefined, claim: PersistentVolumeClaim | undefined): Problem {
  const waiting = status?.state?.waiting;
  const reason = waitingReasons[waiting?.reason ?? ''];
  if (reason !== undefined) return { reason, message: waiting?.message ?? '' };
  return whyUnplaced(pod, claim) ?? { reason: 'WaitingForPod', message: `The pod is ${pod.status?.phase ?? 'Pending'}${waiting?.message ? `: ${waiting.message}` : '.'}` };
}

function whyUnplaced(pod: Pod, claim: PersistentVolumeClaim | undefined): Problem | undefined {
  if (claim !== undefined && claim.status?.phase !== 'Bound') {
    return { reason: 'WaitingForVolume', message: `The claim ${claim.metadata.name} is ${claim.status?.phase ?? 'Pending'}; the cluster has not given a volume yet.` };
  }
  const unscheduled = pod.status?.conditions?.find(({ type, status: held }) => type === 'PodScheduled' && held === 'False');
  return unscheduled && { reason: 'InsufficientResources', message: unscheduled.message ?? 'No machine of the cluster can take the pod.' };
}
