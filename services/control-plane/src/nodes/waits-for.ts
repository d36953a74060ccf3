import { quorumOf, type Node } from '@guildhall/resources';
import { ownerOf, type ClusterObject } from '../projections/cluster-view.ts';
import { isWell, nodeNamed, ofKind, orderedBy } from './node-facts.ts';
import { quorumObstacle, standing } from './quorum.ts';

/**
 * Whom a change that makes another pod waits for now, a sentence each. It is the operator that lets nodes go (operator/src/node/disruption/gate.ts), by what
 * it knows then; here is what is to be expected.
 */
export function waitsFor(objects: readonly ClusterObject[], member: string, name: string): string[] {
  const node = nodeNamed(objects, member, name);
  // One that is down already changes at once: nothing is lost with it.
  if (!isWell(node)) return [];
  return node.spec.role === 'orderer' ? orderersMissed(objects, member, name) : peersMissed(objects, member, name);
}

function orderersMissed(objects: readonly ClusterObject[], member: string, name: string): string[] {
  const self = `${member}/${name}`;
  return orderedBy(objects, member, name).flatMap((ordered) => {
    const obstacle = quorumObstacle(ordered, self);
    if (obstacle !== undefined) return [obstacle.why];
    const down = standing(ordered).down.filter((each) => each !== self);
    const others = ordered.orderers.length - 1;
    if (others - down.length >= Math.min(quorumOf(ordered.orderers.length), others)) return [];
    return [`${down.join(', ')} ${down.length === 1 ? 'is' : 'are'} down, and channel ${ordered.channel.metadata.name} has too few orderers to order: the change waits until enough of them are up`];
  });
}

function peersMissed(objects: readonly ClusterObject[], member: string, name: string): string[] {
  const others = ofKind<Node>(objects, 'Node').filter((each) => ownerOf(each)?.member === member && each.spec.role === 'peer' && each.metadata.name !== name);
  const down = others.filter((each) => each.metadata.deletionTimestamp === undefined && !isWell(each)).map(({ metadata }) => `${member}/${metadata.name}`);
  return down.length === 0 ? [] : [`${down.join(', ')} ${down.length === 1 ? 'is' : 'are'} down, and of a member's peers one at a time may be: the change waits until all others are up`];
}
