import { quorumOf } from '@guildhall/resources';
import { isWell, type ChannelOrderer, type orderedBy } from './node-facts.ts';

type Ordered = ReturnType<typeof orderedBy>[number];

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Why it is not the time. */
export interface Obstacle {
  why: string;
  nextAction: string;
}

/** It is well, and takes part in the channel as a consenter, as far as it has told. */
function isUp({ object }: ChannelOrderer, channel: string): boolean {
  const status = object?.status?.channels?.find(({ name }) => name === channel)?.status;
  return isWell(object) && (status === undefined || status === 'active');
}

const isOrderer = ({ member, node }: ChannelOrderer, name: string): boolean => `${member}/${node}` === name;

/** The orderers of the channel that are up, and by their names those that are not. */
export function standing({ channel, orderers }: Ordered): { up: readonly ChannelOrderer[]; down: string[] } {
  const up = orderers.filter((each) => isUp(each, channel.metadata.name));
  return { up, down: orderers.filter((each) => !up.includes(each)).map(({ member, node }) => `${member}/${node}`) };
}

/** What it means for a channel that one of its orderers is away for a moment, in a sentence. @param orderer `member/node` */
export function whileAway({ channel, orderers }: Ordered, orderer: string): string {
  const total = orderers.length;
  const needed = quorumOf(total);
  const spare = total - 1 - needed;
  const facts = `Channel ${channel.metadata.name}: ${counted(total, 'orderer')}, ${needed} needed`;
  const leads = channel.status?.leader === orderer && total > 1 ? ' It leads the channel: the others elect another leader, and transactions wait for that.' : '';
  if (spare < 0) return `${facts}: while it restarts, no transaction is ordered; those that are sent wait for it.${leads}`;
  return `${facts}: while it restarts, ${spare === 0 ? 'the loss of one more stops ordering' : `${spare} more may fail`}.${leads}`;
}

/**
 * Why an orderer must not be taken away now: ordering would stop because others are down that could be up. Where it would stop in any case, as
 * with a single orderer, and where it stands already or the orderer itself is down, there is nothing to wait for.
 */
export function quorumObstacle(ordered: Ordered, orderer: string): Obstacle | undefined {
  const { channel, orderers } = ordered;
  const needed = quorumOf(orderers.length);
  const { up, down } = standing(ordered);
  const left = up.filter((each) => !isOrderer(each, orderer)).length;
  const stops = up.length >= needed && left < needed && orderers.length - 1 >= needed;
  if (!stops) return undefined;
  return {
    why: `${down.join(', ')} ${down.length === 1 ? 'is' : 'are'} down, and channel ${channel.metadata.name} needs ${needed} of its ${orderers.length} orderers: without ${orderer} ordering would stop`,
    nextAction: `wait until ${down.join(', ')} ${down.length === 1 ? 'is' : 'are'} back, or mend what keeps ${down.length === 1 ? 'it' : 'them'}`,
  };
}
