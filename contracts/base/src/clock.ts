import { canonicalJson } from './canonical-json.ts';
import { actsForMember, type Caller } from './caller.ts';
import type { Config } from './config.ts';
import { ContractError } from './errors.ts';
import type { Ledger } from './ledger.ts';
import { instant, integer, list, mspId, object, type Infer } from './schema.ts';
import { epochMs } from './time.ts';

// Blocks carry no time and the client chooses the transaction's, so the members keep a clock on the ledger: each timekeeper's
// latest reading, which only moves forward. The clock shows the latest time that `quorum` of them have reached.

const stored = object({
  version: integer({ title: 'Writes so far', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  readings: list(object({ mspId: mspId('MSP id'), at: instant('Reading') }), { title: 'Readings', maxItems: 200 }),
});
export type StoredClock = Infer<typeof stored>;

export const clockKey = 'clock';

export async function readClock(ledger: Ledger): Promise<StoredClock> {
  const text = await ledger.get(clockKey);
  return text === undefined ? { version: 0, readings: [] } : stored.parse(JSON.parse(text), 'clock');
}

/** The agreed time, or undefined until enough timekeepers have given a reading. */
export function agreedTime(clock: StoredClock, { timekeepers, quorum }: Config<unknown>['clock']): string | undefined {
  const readings = clock.readings
    .filter(({ mspId }) => timekeepers.includes(mspId))
    .map(({ at }) => at)
    .sort()
    .reverse();
  return readings[quorum - 1];
}

/** Takes the transaction's time as the caller's reading. */
export async function tick(ledger: Ledger, caller: Caller, at: string, config: Config<unknown>): Promise<StoredClock> {
  if (!isTimekeeper(caller, config)) {
    throw new ContractError(
      'FORBIDDEN',
      `Tick is for a timekeeper (${config.clock.timekeepers.join(', ')}; role timekeeper or admin); the caller is ${caller.mspId} with the roles [${caller.roles.join(', ')}]`,
    );
  }
  const clock = await readClock(ledger);
  const former = clock.readings.find(({ mspId }) => mspId === caller.mspId);
  if (former && at <= former.at)
    throw new ContractError('CLOCK_SKEW', `the reading ${at} is not after the former one, ${former.at}`, {
      nextAction: 'Nothing, if another process of this member moves the clock; otherwise set the clock of the client.',
    });
  const readings = [...clock.readings.filter(({ mspId }) => mspId !== caller.mspId), { mspId: caller.mspId, at }].sort((a, b) =>
    a.mspId < b.mspId ? -1 : 1,
  );
  const next = { version: clock.version + 1, readings };
  ledger.put(clockKey, canonicalJson(next));
  return next;
}

export const isTimekeeper = (caller: Caller, config: Config<unknown>): boolean =>
  config.clock.timekeepers.includes(caller.mspId) && actsForMember(caller, 'timekeeper');

export async function requireTime(ledger: Ledger, at: string, config: Config<unknown>): Promise<void> {
  const agreed = agreedTime(await readClock(ledger), config.clock);
  if (agreed === undefined)
    throw new ContractError('CLOCK_SKEW', `fewer than ${config.clock.quorum} timekeepers have given a reading`, {
      nextAction: 'The timekeepers call Tick.',
    });
  if (Math.abs(epochMs(at) - epochMs(agreed)) > config.clock.skewSec * 1000) {
    throw new ContractError('CLOCK_SKEW', `the transaction's time ${at} is more than ${config.clock.skewSec} s from the clock, ${agreed}`);
  }
}
