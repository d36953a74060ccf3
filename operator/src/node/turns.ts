import { keyOf, refOf } from '@guildhall/kubernetes';
import type { Consortium, Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { createPatience } from '../patience.ts';

const patienceMs = 1000;

export interface Turns {
  /** How long a peer that has not begun yet is to let its consortium's orderers go first; 0: it is its turn. */
  givesWayMs(node: Node, consortium: Consortium): number;
  forget(node: Node): void;
}

/**
 * A new channel has a leader a fixed time after its orderers have joined (Fabric, etcdraft/node.go: two ticks), and its peers are
 * needed only then. On a small machine all that begins at once begins late, so the orderers begin first.
 */
export function createTurns({ informers, nodes, clock }: Pick<OperatorContext, 'informers' | 'nodes' | 'clock'>): Turns {
  const patience = createPatience(clock, patienceMs);

  const awaitsOrderer = ({ namespace }: { namespace: string }): boolean =>
    informers.nodes
      .list(namespace)
      .some((node) => node.spec.role === 'orderer' && node.metadata.deletionTimestamp === undefined && nodes.last(keyOf(refOf(node))) === undefined);

  return {
    givesWayMs(node, consortium) {
      const { uid = '' } = node.metadata;
      if (node.spec.role === 'peer' && consortium.spec.members.some(awaitsOrderer)) return patience.left(uid);
      patience.end(uid);
      return 0;
    },
    forget: ({ metadata: { uid = '' } }) => patience.end(uid),
  };
}
