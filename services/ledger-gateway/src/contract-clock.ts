import type { Logger } from '@guildhall/kubernetes';
import type { ChannelView, MemberView } from './directory/channel-view.ts';
import { TransactionError } from './errors.ts';

/** What a contract's Config says about its clock (contracts/base). */
interface ClockConfiguration {
  readonly timekeepers: readonly string[];
  readonly skewSec: number;
}

export interface ClockPorts {
  /** The contract's `Config`, as JSON. */
  readonly readConfig: () => Promise<string>;
  /** Submits `Tick` as a member in a role; gives the contract's answer, as JSON. */
  readonly tick: (member: string, role: string) => Promise<string>;
  readonly now: () => number;
  readonly logger: Logger;
}

/** A client may give readings in either of these roles. */
const TIMEKEEPER_ROLES = ['timekeeper', 'admin'];

/**
 * Moves a contract's clock towards the present: the timekeepers among the members that this gateway acts for give readings, one after the other, until the
 * agreed time is near. Gives the agreed time (RFC 3339), or undefined when nobody gave a reading or too few have ever given one.
 */
export async function moveClock(view: ChannelView, { readConfig, tick, now, logger }: ClockPorts): Promise<string | undefined> {
  const configuration = clockOf(await readConfig());
  let time: string | undefined;
  for (const { member, role } of timekeepersOf(view.members, configuration?.timekeepers ?? [])) {
    try {
      time = timeOf(await tick(member.name, role));
    } catch (error) {
      // One timekeeper that cannot tick does not stop the others; a quorum of them is enough.
      if (!(error instanceof TransactionError)) throw error;
      logger.warn(
        { member: member.name, code: error.contract?.code ?? error.code },
        `the reading of the contract's clock failed: ${error.message}`,
      );
    }
    if (time !== undefined && configuration && now() - Date.parse(time) < (configuration.skewSec * 1000) / 2) return time;
  }
  return time;
}

export function timekeepersOf(members: readonly MemberView[], mspIds: readonly string[]): readonly { member: MemberView; role: string }[] {
  return members.flatMap((member) => {
    const role = TIMEKEEPER_ROLES.find((candidate) => member.applicationRoles.includes(candidate));
    return role !== undefined && mspIds.includes(member.mspId) ? [{ member, role }] : [];
  });
}

function clockOf(config: string): ClockConfiguration | undefined {
  const parsed: { config?: { clock?: ClockConfiguration } } = JSON.parse(config);
  return parsed.config?.clock;
}

function timeOf(answer: string): string | undefined {
  const { time }: { time?: string | null } = JSON.parse(answer);
  return time ?? undefined;
}
