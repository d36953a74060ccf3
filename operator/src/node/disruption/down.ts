import type { ContainerStatus, Pod } from '@guildhall/kubernetes';

/** A process that ends and is started again may be back in a second or two; a pod that is not ready for so long is down. */
const downAfterMs = 15_000;

/** Nothing is lost when the pod goes: there is none, its process has never run, or it has not been ready for long. */
export function isDown(pod: Pod | undefined, now: number): boolean {
  if (!pod?.status?.containerStatuses?.some(hasRun)) return true;
  const since = pod.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False')?.lastTransitionTime;
  return since !== undefined && now - Date.parse(since) >= downAfterMs;
}

const hasRun = ({ state, lastState, restartCount }: ContainerStatus): boolean =>
  restartCount > 0 || [state?.running, state?.terminated, lastState?.terminated].some((each) => each !== undefined);
