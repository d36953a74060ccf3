import { firstCandidate } from '@guildhall/fabric';
import { keyOf, refOf, type Ref } from '@guildhall/kubernetes';
import { quorumOf, type Consortium, type Node } from '@guildhall/resources';
import type { OperatorContext } from '../context.ts';
import { createPatience } from '../patience.ts';
import { consentersOf } from '../references.ts';
import { hasBegun } from './begun.ts';
import type { NodeRole } from './node-role.ts';

/** Milliseconds. Whatever keeps those that go first, it does not keep the others for longer. */
const patience = { peer: 1000, orderer: 150, spare: 2000 } as const;
/** A candidate asks for its certificates within a few passes, and nothing tells the others of it. */
const askAgainMs = 15;

export interface Turns {
  /** How long a node that has not begun yet is to let others go first; 0: it is its turn. */
  givesWayMs(node: Node, consortium: Consortium): number;
  /** How long the pod of an orderer that its new channels can do without at first is to let the others go first; 0: it is its turn. */
  sparePodWaitsMs(node: Node, consortium: Consortium): number;
  begun(node: Node): void;
  forget(node: Node): void;
}

/**
 * On a small machine all that begins at once begins late, so what a new channel waits for begins first: the orderer that begins its first election,
 * then as many as it needs to win, then the peers, and when there is a leader the other orderers. A leader is there a fixed time after the orderers
 * have joined (Fabric, etcdraft/node.go: two ticks), and peers are needed only then.
 */
export function createTurns({ informers, nodes, clock }: Pick<OperatorContext, 'informers' | 'nodes' | 'clock'>): Turns {
  const patiences = { peer: createPatience(clock, patience.peer), orderer: createPatience(clock, patience.orderer), spare: createPatience(clock, patience.spare) };

  /** The orderers of the consortium's channels that have no leader yet, in the order of their turns. */
  const electing = (consortium: Consortium): Ref[][] =>
    informers.channels
      .list(consortium.metadata.namespace)
      .filter(({ status }) => status?.leader === undefined)
      .map((channel) => {
        const all = consentersOf(channel, consortium).map(({ ref }) => ref);
        const first = firstCandidate(channel.metadata.name, all.length);
        return [...all.slice(first), ...all.slice(0, first)];
      });
  const majority = <T>(all: readonly T[]): T[] => all.slice(0, quorumOf(all.length));
  const isAmong = ({ metadata }: Node, refs: readonly Ref[]): boolean => refs.some(({ namespace, name }) => namespace === metadata.namespace && name === metadata.name);

  const waits: Record<NodeRole, (node: Node, consortium: Consortium) => boolean> = {
    peer: (_node, consortium) =>
      electing(consortium)
        .flatMap(majority)
        .some(({ namespace, name }) => {
          const orderer = informers.nodes.get(namespace, name);
          return orderer !== undefined && orderer.metadata.deletionTimestamp === undefined && nodes.last(keyOf(refOf(orderer))) === undefined;
        }),
    orderer(node, consortium) {
      const own = electing(consortium).filter((turns) => isAmong(node, turns));
      const candidates = own.flatMap(([first]) => first ?? []);
      if (isAmong(node, candidates)) return false;
      return candidates.some(({ namespace, name }) => {
        const candidate = informers.nodes.get(namespace, name);
        return candidate !== undefined && !hasBegun(informers, candidate);
      });
    },
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
    sparePodWaitsMs(node, consortium) {
      const { uid = '' } = node.metadata;
      const channels = electing(consortium).filter((turns) => isAmong(node, turns));
      const isSpare = channels.length > 0 && channels.every((turns) => !isAmong(node, majority(turns)));
      if (!isSpare) patiences.spare.end(uid);
      return isSpare ? patiences.spare.left(uid) : 0;
    },
    begun: ({ metadata: { uid = '' }, spec: { role } }) => patiences[role].end(uid),
    forget({ metadata: { uid = '' } }) {
      for (const each of Object.values(patiences)) each.end(uid);
    },
  };
}
