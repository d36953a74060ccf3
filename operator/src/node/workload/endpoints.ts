import type { Container, Pod } from '@guildhall/kubernetes';
import { group, type Node } from '@guildhall/resources';
import { selectorOf } from './selector.ts';

/**
 * What is sent to a pod's address in the moment after it has gone is answered by nobody. An orderer that dials another so waits 20 s (gRPC's least time for a
 * connection, which Fabric lets nobody set), with its Raft loop: one follower that is replaced costs the channel its leader. So a pod that is to end stays a
 * little, its Services lead to it no more meanwhile, connections that are open go on, and who dials anew is refused at once.
 */
const staysSeconds = 3;

/** No pod has it. */
const nobody = { [`${group}/withdrawn`]: 'true' };

/** Which pod a node's Services lead to. */
export const endpointsOf = ({ spec: { exposure } }: Node, labels: Record<string, string>, pod: Pod | undefined): Record<string, string> =>
  exposure !== 'Local' && pod?.metadata.deletionTimestamp !== undefined ? { ...selectorOf(labels), ...nobody } : selectorOf(labels);

/** On one machine who dials is refused anyway. */
export const lifecycleOf = ({ spec: { exposure } }: Node): Pick<Container, 'lifecycle'> => (exposure === 'Local' ? {} : { lifecycle: { preStop: { sleep: { seconds: staysSeconds } } } });
