import { keyOf } from '@guildhall/kubernetes';
import { quorumOf, type Node } from '@guildhall/resources';
import { consenterViews } from '../../channel/progress.ts';
import type { OperatorContext } from '../../context.ts';
import { nodeNames } from '../../names.ts';
import { consentersOf, type Membership } from '../../references.ts';
import { podState } from '../../workload/pod-state.ts';
import type { NodeRole } from '../node-role.ts';
import type { Circle } from './gate.ts';

type Sources = Pick<OperatorContext, 'informers' | 'nodes' | 'heights' | 'clock'>;
type Ref = { namespace: string; name: string };

/**
 * That a process is well does not say that others have found it again. An orderer dials one whose pod has just gone at an address that leads nowhere, and gives
 * that up after 20 s (gRPC's least time for a connection, which Fabric does not let anybody set); only its next dial finds the new pod. A second orderer that
 * goes meanwhile takes the quorum with it.
 */
const settlesMs = { orderer: { sandbox: 3_000, production: 25_000 }, peer: { sandbox: 3_000, production: 10_000 } } as const;

/** The process runs and is well for so long that others count on it. What is not known (the operator has just begun) is not so. */
export function isUp({ informers, nodes, clock }: Sources, { namespace, name }: Ref, role: NodeRole, { consortium }: Pick<Membership, 'consortium'>): boolean {
  const pod = informers.pods.get(namespace, nodeNames(name).pod);
  const state = podState(pod);
  const key = keyOf({ namespace, name });
  if (state.kind !== 'running' || !state.ready || nodes.last(key)?.healthy !== true) return false;
  const startedAt = pod?.status?.containerStatuses?.[0]?.state?.running?.startedAt;
  const runsMs = startedAt === undefined ? Infinity : clock.now() - Date.parse(startedAt);
  // The process may have been there all the time, and only now be found again.
  return Math.min(runsMs, nodes.wellMs(key)) >= settlesMs[role][consortium.spec.profile];
}

/** Who is to be up while this node is down: the orderers of each of its channels, or the other peers of its member. */
export function circlesOf(sources: Sources, node: Node, membership: Membership): Circle[] {
  return node.spec.role === 'orderer' ? channelsOf(sources, node, membership) : peersBeside(sources, node, membership);
}

function channelsOf(sources: Sources, { metadata }: Node, membership: Membership): Circle[] {
  const { consortium } = membership;
  const isSelf = ({ namespace, name }: Ref): boolean => namespace === metadata.namespace && name === metadata.name;
  return sources.informers.channels.list(consortium.metadata.namespace).flatMap((channel) => {
    const consenters = consentersOf(channel, consortium);
    if (!consenters.some(({ ref }) => isSelf(ref))) return [];
    const views = consenterViews(sources, channel, consortium);
    const others = consenters.flatMap(({ member, node, ref }, index) =>
      isSelf(ref) ? [] : [{ name: `${member}/${node}`, isUp: views[index]?.active === true && isUp(sources, ref, 'orderer', membership) }],
    );
    // Who leads goes last: a node that has not been asked yet may.
    const leads = consenters.some(({ ref }, index) => isSelf(ref) && (views[index]?.leads === true || sources.nodes.last(keyOf(ref)) === undefined));
    return [{ of: channel.metadata.name, role: 'orderer', needed: quorumOf(consenters.length), leads, others }];
  });
}

function peersBeside(sources: Sources, { metadata: { namespace = '', name }, spec }: Node, membership: Membership): Circle[] {
  const others = sources.informers.nodes
    .list(namespace)
    .filter((node) => node.spec.role === 'peer' && node.metadata.name !== name && node.metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => ({ name: metadata.name, isUp: isUp(sources, { namespace, name: metadata.name }, 'peer', membership) }));
  return [{ of: spec.member, role: 'peer', needed: others.length, leads: false, others }];
}
