import { useParams } from 'react-router';
import { useConsortium, type ConsortiumNow } from '../consortia/consortium-context.ts';
import { dataOf } from '../graphql/live.ts';
import type { LedgerPlace } from './ledger-paths.ts';

export interface Ledger extends LedgerPlace {
  channelId: string;
  /** How many blocks there are, as far as is known. */
  height: number | null;
  members: ConsortiumNow['members'];
  /** Those of the channel. */
  contracts: readonly string[];
  channels: readonly string[];
}

/** The ledger that the address names; undefined when the consortium has no such channel. */
export function useLedger(): Ledger | undefined {
  const consortium = dataOf(useConsortium());
  const { channel: name = '' } = useParams();
  const channel = consortium?.channels.find((candidate) => candidate.name === name);
  if (!consortium || !channel) return undefined;
  return {
    consortium: consortium.name,
    channel: name,
    channelId: channel.id,
    height: channel.height,
    members: consortium.members,
    contracts: consortium.contracts.filter((contract) => contract.channel === name).map((contract) => contract.name),
    channels: consortium.channels.map((each) => each.name),
  };
}

/** The member that an MSP id belongs to, by the name that people know. */
export const memberOf = ({ members }: Pick<Ledger, 'members'>, mspId: string): string | undefined => {
  const found = members.find((member) => member.mspId === mspId);
  return found && (found.displayName ?? found.name);
};
