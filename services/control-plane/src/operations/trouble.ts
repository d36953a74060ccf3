import { isTrouble } from '@guildhall/resources';
import type { StepRow } from '../database/schema.ts';

/** What is kept of the trouble that a step waits in. */
export type Trouble = Pick<StepRow, 'trouble_since' | 'trouble_until'>;

export const noTrouble: Trouble = { trouble_since: null, trouble_until: null };

/**
 * What is gone for less than this and comes back is the same trouble: a process that keeps ending runs for a moment each time, and who has just begun to
 * look has not seen the object yet.
 */
const gapMs = 60_000;

/** Since when the trouble lasts; undefined: there is none. */
export function troubleSince({ trouble_since: since, trouble_until: until }: Trouble, now: Date): Date | undefined {
  const isOver = until !== null && now.getTime() - until.getTime() >= gapMs;
  return since === null || isOver ? undefined : since;
}

/** What is to be kept, now that the step waits for this reason. */
export function troubleAfter(before: Trouble, reason: string, now: Date): Trouble {
  const since = troubleSince(before, now);
  if (isTrouble(reason)) return { trouble_since: since ?? now, trouble_until: null };
  return since === undefined ? noTrouble : { trouble_since: since, trouble_until: before.trouble_until ?? now };
}

export const isSameTrouble = (one: Trouble, other: Trouble): boolean =>
  one.trouble_since?.getTime() === other.trouble_since?.getTime() && one.trouble_until?.getTime() === other.trouble_until?.getTime();
