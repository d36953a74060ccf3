import type { NodeRole } from '../node-role.ts';

/** Nodes that stand in for one another: the orderers of a channel, or the peers of a member. */
export interface Circle {
  /** The channel's or the member's name. */
  of: string;
  role: NodeRole;
  /** How many are to be up. */
  needed: number;
  /** The node that is asked about leads the channel, or is not known not to. */
  leads: boolean;
  /** All but the one that is asked about. */
  others: readonly { name: string; isUp: boolean }[];
}

/**
 * Why a node may not be down now, with the arithmetic; undefined when it may. Where the circle is so small that one fewer is too few anyway, waiting protects
 * nobody: then it is enough that all others are up.
 */
export function obstacleIn(circles: readonly Circle[]): string | undefined {
  for (const { of, role, needed, others } of circles) {
    const down = others.filter(({ isUp }) => !isUp).map(({ name }) => name);
    if (others.length - down.length >= Math.min(needed, others.length)) continue;
    const [total, which] = [others.length + 1, down.join(', ')];
    return role === 'orderer'
      ? `Channel ${of} has ${total} orderers, ${needed} needed; these are not up, or only just: ${which}.`
      : `Member ${of} has ${total} peers, of which one at a time may be down; these are not up, or only just: ${which}.`;
  }
  return undefined;
}

/** The channel of several orderers that the node leads, or may. */
export const ledIn = (circles: readonly Circle[]): string | undefined => circles.find(({ leads, others }) => leads && others.length > 0)?.of;
