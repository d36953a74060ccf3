import type { ContainerStatus, PersistentVolumeClaim, Pod } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import { problemInWords } from '../cluster/cluster-problem.ts';
import type { Problem } from '../outcome.ts';
import type { ClusterWord } from './cluster-words.ts';

/** How a pod of one container stands. */
export type PodState =
  | ({ kind: 'absent' | 'pending' } & Problem)
  /** `instance` changes whenever the process does. */
  | { kind: 'running'; instance: string; ready: boolean; restarts: number }
  | ({ kind: 'ended'; restarts: number } & Problem);

/** Why a pod does not come shows in no watch. */
export const unstartedLookMs = 4_000;

interface Hints {
  /** Of its volume, where it has one. */
  claim?: PersistentVolumeClaim | undefined;
  /** What the cluster says of why the pod does not come. */
  word?: ClusterWord | undefined;
  /** Who chose its image; the operator's settings unless it is said. */
  imageOf?: 'operator' | 'contract';
}

const containerOf = (pod: Pod): ContainerStatus | undefined => pod.status?.containerStatuses?.[0];

export function podState(pod: Pod | undefined, hints: Hints = {}): PodState {
  if (pod === undefined) return { kind: 'absent', ...whyAbsent(hints) };
  if (pod.metadata.deletionTimestamp !== undefined) return { kind: 'ended', restarts: 0, reason: 'WaitingForPod', message: 'The pod is being deleted; a new one follows.' };
  const status = containerOf(pod);
  if (status?.state?.running !== undefined) {
    const instance = [pod.metadata.uid, status.containerID, status.restartCount, status.state.running.startedAt].join('/');
    return { kind: 'running', instance, ready: status.ready, restarts: status.restartCount };
  }
  if (status?.state?.terminated !== undefined) return { kind: 'ended', restarts: status.restartCount, reason: 'WaitingForPod', message: endOf(status.state.terminated) };
  if (status?.state?.waiting?.reason === 'CrashLoopBackOff') return crashLoop(status);
  return { kind: 'pending', ...whyPending(pod, hints) };
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
  ErrImageNeverPull: 'ProgramMissing',
  InvalidImageName: 'ProgramMissing',
  ImageInspectError: 'ProgramMissing',
  RegistryUnavailable: 'ProgramMissing',
  CreateContainerConfigError: 'Failed',
  CreateContainerError: 'Failed',
  RunContainerError: 'Failed',
  PortTaken: 'AddressInUse',
};

const whyAbsent = ({ word }: Hints): Problem => (word?.warns ? problemInWords(word.text) : { reason: 'WaitingForPod', message: 'Waiting for the cluster to make the pod.' });

function whyPending(pod: Pod, { claim, word, imageOf }: Hints): Problem {
  const status = containerOf(pod);
  const unbound = claim !== undefined && claim.status?.phase !== 'Bound';
  const problem = (status && whyNotStarted(status, imageOf)) ?? (unbound ? whyUnbound(pod, claim, word) : whyUnplaced(pod));
  if (problem !== undefined) return problem;
  if (word?.warns) return { reason: 'Failed', message: `The pod does not start yet, and the cluster tries again: ${JSON.stringify(word.text)}` };
  return onItsWay(pod, status?.state?.waiting?.message ?? word?.text);
}

const onItsWay = ({ status }: Pod, said: string | undefined): Problem => ({ reason: 'WaitingForPod', message: `The pod is ${status?.phase ?? 'Pending'}${said ? `: ${said}` : '.'}` });

const imageAdvice = {
  operator: "correct the operator's setting of it",
  contract: 'correct spec.image of the Contract, or add a pull secret for it to the ServiceAccount default of the namespace',
};

function whyNotStarted({ image = '', state }: ContainerStatus, imageOf: Hints['imageOf'] = 'operator'): Problem | undefined {
  const { reason: said = '', message: words = '' } = state?.waiting ?? {};
  const reason = waitingReasons[said];
  if (reason !== 'ProgramMissing') return reason && { reason, message: words };
  return { reason, message: `The image ${image} cannot be had: put it where the cluster's machines get it from, or ${imageAdvice[imageOf]}; then the pod starts by itself. ${said}: ${JSON.stringify(words)}.` };
}

function whyUnplaced(pod: Pod): Problem | undefined {
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return unscheduled && {
    reason: 'InsufficientResources',
    message: `No machine of the cluster can take the pod: give the cluster more, ask for less in spec.resources, or let pods be placed elsewhere (operator.nodes in the values of the chart guildhall). ${unscheduled.reason ?? ''}: ${JSON.stringify(unscheduled.message ?? '')}`,
  };
}

function whyUnbound(pod: Pod, { metadata: { name }, spec, status }: PersistentVolumeClaim, word: ClusterWord | undefined): Problem {
  if (word?.warns) {
    const storageClass = spec.storageClassName === undefined ? 'without a storage class' : `storage class ${spec.storageClassName}`;
    return {
      reason: 'VolumeUnavailable',
      message: `The claim ${name} (${storageClass}) gets no volume: ${JSON.stringify(word.text)}. Mend the storage class; or delete this Node and the claim, and add the Node with another storage.className.`,
    };
  }
  // A claim may wait for its pod to be placed (volumeBindingMode WaitForFirstConsumer): then it is the place that lacks.
  const unplaced = whyUnplaced(pod);
  if (unplaced !== undefined && !unplaced.message.includes('PersistentVolumeClaim')) return unplaced;
  return { reason: 'WaitingForVolume', message: `The claim ${name} is ${status?.phase ?? 'Pending'}; the cluster has not given a volume yet${word === undefined ? '.' : `: ${JSON.stringify(word.text)}`}` };
}
