import type { Node } from '@guildhall/resources';
import type { Problem } from '../errors.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { channelsOfMember, isWell, nodeNamed, orderedBy } from './node-facts.ts';
import { quorumObstacle, whileAway, type Obstacle } from './quorum.ts';

/** Why it is not the time: a channel that it orders for would stop. */
export const restartObstacles = (objects: readonly ClusterObject[], member: string, name: string): Obstacle[] =>
  orderedBy(objects, member, name).flatMap((ordered) => quorumObstacle(ordered, `${member}/${name}`) ?? []);

/** The same, of the input that names the node. */
export const restartProblems = (objects: readonly ClusterObject[], member: string, name: string): Problem[] =>
  restartObstacles(objects, member, name).map(({ why, nextAction }) => ({ code: 'CONFLICT', path: 'name', message: `name: ${why}`, nextAction }));

/** What it means for the channels that the node is in, a sentence each. */
export function restartConsequences(objects: readonly ClusterObject[], member: string, name: string): string[] {
  const node = nodeNamed(objects, member, name);
  const asPeer = channelsOfMember(objects, member).filter(({ membership }) => membership.spec.peers.includes(name));
  return [
    `${node.spec.role === 'peer' ? 'Peer' : 'Orderer'} ${name} of ${member} ends and is started again with its data; that takes some seconds.`,
    ...orderedBy(objects, member, name).map((ordered) => whileAway(ordered, `${member}/${name}`)),
    ...asPeer.map(({ name: channel, membership, peers }) => {
      const others = peers.filter((peer) => peer.member === member && peer.name !== name && isWell(peerObject(objects, member, peer.name))).map((peer) => peer.name);
      const down = membership.spec.peers.length - 1 - others.length;
      if (others.length > 0) return `Channel ${channel}: ${others.join(', ')} of ${member} ${others.length === 1 ? 'endorses and reads' : 'endorse and read'} meanwhile.`;
      return `Channel ${channel}: ${member} can neither endorse nor read meanwhile; it has no other peer there${down > 0 ? ' that works' : ''}.`;
    }),
  ];
}

const peerObject = (objects: readonly ClusterObject[], member: string, name: string): Node => nodeNamed(objects, member, name);
