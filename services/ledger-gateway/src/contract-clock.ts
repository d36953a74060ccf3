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

/** Undefined for a contract that keeps no clock, or another kind of one. */
function clockOf(config: string): ClockConfiguration | undefined {
  const clock = fieldOf(fieldOf(parse(config), 'config'), 'clock');
  const [timekeepers, skewSec] = [fieldOf(clock, 'timekeepers'), fieldOf(clock, 'skewSec')];
  if (!Array.isArray(timekeepers) || typeof skewSec !== 'number') return undefined;
  return { timekeepers: timekeepers.map(String), skewSec };
}

function timeOf(answer: string): string | undefined {
  const time = fieldOf(parse(answer), 'time');
  return typeof time === 'string' ? time : undefined;
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, field)?.value : undefined;

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // Another kind of contract.
  }
}
