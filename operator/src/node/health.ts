import type { Inspection } from '@guildhall/fabric';
import { timestamp } from '@guildhall/kubernetes';
import type { Node } from '@guildhall/resources';
import type { PodState } from '../workload/pod-state.ts';

export type Health = NonNullable<NonNullable<Node['status']>['health']>;

/** What is known of a node's process and of what it says itself, in one word and a sentence. */
export function healthOf(pod: PodState, inspection: Inspection | undefined, previous: Health | undefined, now: number): Health {
  const { state, message } = judge(pod, inspection, previous);
  const since = previous?.state === state ? previous.since : timestamp(now);
  return { state, message: message.slice(0, 1024), since };
}

function judge(pod: PodState, inspection: Inspection | undefined, previous: Health | undefined): { state: Health['state']; message: string } {
  if (pod.kind === 'ended') return { state: 'Ended', message: pod.message };
  if (pod.kind !== 'running') return { state: 'Starting', message: pod.message };
  if (inspection === undefined) return { state: 'Starting', message: 'The process has started; its endpoints are being asked.' };
  if (inspection.healthy) return { state: 'Healthy', message: '' };
  if (inspection.contact === 'answers') return { state: 'Unhealthy', message: inspection.why };
  // A process that has just begun does not listen yet.
  const starting = inspection.contact === 'unreachable' && (previous === undefined || previous.state === 'Starting' || previous.state === 'Ended');
  return starting ? { state: 'Starting', message: 'The process has started and does not listen yet.' } : { state: 'Unreachable', message: inspection.why };
}
