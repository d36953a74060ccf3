import { firstCandidate } from '@guildhall/fabric';
import { keyOf, refOf } from '@guildhall/kubernetes';
import type { Consortium, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { createPatience } from '../patience.ts';
import type { NodeRole } from './node-role.ts';
import { requestsOf } from './observe.ts';

/** Milliseconds. Whatever keeps those that go first, it does not keep the others for longer. */
const patience = { peer: 1000, orderer: 150 } as const;
/** A candidate asks for its certificates within a few passes, and nothing tells the others of it. */
const askAgainMs = 15;

export interface Turns {
  /** How long a node that has not begun yet is to let others go first; 0: it is its turn. */
  givesWayMs(node: Node, consortium: Consortium): number;
  forget(node: Node): void;
}

/**
 * On a small machine all that begins at once begins late, so what a new channel waits for begins first: the orderer that begins its first election,
 * then the other orderers, and their peers last. A leader is there a fixed time after the orderers have joined (Fabric, etcdraft/node.go: two ticks), and
 * peers are needed only then.
 */
export function createTurns({ informers, nodes, clock }: Pick<OperatorContext, 'informers' | 'nodes' | 'clock'>): Turns {
  const patiences = { peer: createPatience(clock, patience.peer), orderer: createPatience(clock, patience.orderer) };

  const awaitsOrderer = ({ namespace }: { namespace: string }): boolean =>
    informers.nodes
      .list(namespace)
      .some((node) => node.spec.role === 'orderer' && node.metadata.deletionTimestamp === undefined && nodes.last(keyOf(refOf(node))) === undefined);

  /** Whether one of the node's channels is to be begun by another one, which has not asked for its certificates yet. */
  function awaitsCandidate({ metadata: { name, namespace }, spec: { member } }: Node, { metadata, spec: { members } }: Consortium): boolean {
    return informers.channels.list(metadata.namespace).some((channel) => {
      const { orderers } = channel.spec;
      const first = orderers[firstCandidate(channel.metadata.name, orderers.length)];
      if (first === undefined || !orderers.some((each) => each.member === member && each.node === name)) return false;
      const candidate = informers.nodes.get(members.find((each) => each.name === first.member)?.namespace, first.node);
      if (candidate === undefined || (candidate.metadata.namespace === namespace && candidate.metadata.name === name)) return false;
      return (candidate.status?.certificates ?? []).length === 0 && Object.values(requestsOf(informers, candidate)).every((request) => request === undefined);
    });
  }

  const waits: Record<NodeRole, (node: Node, consortium: Consortium) => boolean> = {
    peer: (_node, consortium) => consortium.spec.members.some(awaitsOrderer),
    orderer: awaitsCandidate,
  };

  return {
    givesWayMs(node, consortium) {
      const { role } = node.spec;
      const { uid = '' } = node.metadata;
      if (!waits[role](node, consortium)) {
        patiences[role].end(uid);
        return 0;
      }
      const left = patiences[role].left(uid);
      return role === 'orderer' ? Math.min(left, askAgainMs) : left;
    },
    forget: ({ metadata: { uid = '' }, spec: { role } }) => patiences[role].end(uid),
  };
}
