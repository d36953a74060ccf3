import { isNotFound, isOtherUid, pods, type Container, type KubernetesClient, type Pod } from '@guildhall/kubernetes';
import { labels as labelNames, type Node } from '@guildhall/resources';
import { selectorOf } from './selector.ts';

/**
 * What is sent to a pod's address in the moment after it has gone is answered by nobody. An orderer that dials another so waits 20 s (gRPC's least time for a
 * connection, which Fabric lets nobody set), with its Raft loop: one follower that is replaced costs the channel its leader. So a pod that is to end stays a
 * little, its Services lead to it no more meanwhile, connections that are open go on, and who dials anew is refused at once.
 */
const staysSeconds = 3;

/** It is of the pod and not of the Services, so it goes with the pod: whatever befalls us after it was taken away, the next pod has it. */
const reachable = { [labelNames.reachable]: 'true' };

const isReachable = ({ metadata }: Pod): boolean => metadata.labels?.[labelNames.reachable] !== undefined;
const isToEnd = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** On one machine who dials is refused anyway. */
const leavesOpenly = ({ spec: { exposure } }: Node): boolean => exposure !== 'Local';

/** What a node's pod begins with, for its Services. */
export const reachableLabels = (node: Node): Record<string, string> => (leavesOpenly(node) ? reachable : {});

export const lifecycleOf = (node: Node): Pick<Container, 'lifecycle'> => (leavesOpenly(node) ? { lifecycle: { preStop: { sleep: { seconds: staysSeconds } } } } : {});

/** Which pod a node's Services lead to. One that was made before pods had the label is led to without, as soon as its Node goes on. */
export function endpointsOf(node: Node, labels: Record<string, string>, pod: Pod | undefined): Record<string, string> {
  const isOlder = pod !== undefined && !isToEnd(pod) && !isReachable(pod);
  return { ...selectorOf(labels), ...(isOlder ? {} : reachableLabels(node)) };
}

/** Takes a pod that is to end out of its node's Services. The cache may be late: then the pod has gone, or another one has its name. */
export async function withdraw(client: Pick<KubernetesClient, 'mergePatch'>, pod: Pod | undefined): Promise<void> {
  if (pod === undefined || !isToEnd(pod) || !isReachable(pod)) return;
  const { name, namespace = '', uid } = pod.metadata;
  try {
    await client.mergePatch(pods, { namespace, name }, { metadata: { uid, labels: { [labelNames.reachable]: null } } });
  } catch (error) {
    if (!isNotFound(error) && !isOtherUid(error)) throw error;
  }
}
