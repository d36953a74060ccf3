import { keyOf } from '@guildhall/kubernetes';
import { quorumOf, type Node } from '@guildhall/resources';
import { consenterViews } from '../../channel/progress.ts';
import type { OperatorContext } from '../../context.ts';
import { nodeNames } from '../../names.ts';
import { consentersOf, type Membership } from '../../references.ts';
import { podState } from '../../workload/pod-state.ts';
import type { Circle } from './gate.ts';

type Sources = Pick<OperatorContext, 'informers' | 'nodes' | 'heights' | 'clock'>;
type Ref = { namespace: string; name: string };

/**
 * Orderers dial one that came back by Fabric's back-off, which with the defaults of gRPC comes to some seconds; that its process is well does not say that
 * it orders with them again.
 */
const settlesMs = { sandbox: 3_000, production: 10_000 } as const;

/** The process is well for so long that others count on it. What is not known (the operator has just begun) is not so. */
export function isUp({ informers, nodes, clock }: Sources, { namespace, name }: Ref, { consortium }: Pick<Membership, 'consortium'>): boolean {
  const pod = informers.pods.get(namespace, nodeNames(name).pod);
  const state = podState(pod);
  if (state.kind !== 'running' || !state.ready || nodes.last(keyOf({ namespace, name }))?.healthy !== true) return false;
  const startedAt = pod?.status?.containerStatuses?.[0]?.state?.running?.startedAt;
  return startedAt === undefined || clock.now() - Date.parse(startedAt) >= settlesMs[consortium.spec.profile];
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
      isSelf(ref) ? [] : [{ name: `${member}/${node}`, isUp: views[index]?.active === true && isUp(sources, ref, membership) }],
    );
    return [{ of: channel.metadata.name, role: 'orderer', needed: quorumOf(consenters.length), others }];
  });
}

function peersBeside(sources: Sources, { metadata: { namespace = '', name }, spec }: Node, membership: Membership): Circle[] {
  const others = sources.informers.nodes
    .list(namespace)
    .filter((node) => node.spec.role === 'peer' && node.metadata.name !== name && node.metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => ({ name: metadata.name, isUp: isUp(sources, { namespace, name: metadata.name }, membership) }));
  return [{ of: spec.member, role: 'peer', needed: others.length, others }];
}
