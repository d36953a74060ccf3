import { isTrouble, reasonNames } from '@guildhall/resources';
import type { StepContext, StepOutcome } from '../operations/operation.ts';

/** A trouble may pass by itself, as when the cluster gets another machine; then a person should know of it. */
const troubleMs = 300_000;
/** The operator asks a cluster that refused a larger volume once a minute: a retry is answered so late. */
const askedAgainMs = 70_000;

const troubles = new Set<string>(reasonNames.filter(isTrouble));

/** @param outcome what the node's readiness comes to */
export function changeOutcome(outcome: StepOutcome, { attempt, startedAt, now }: Pick<StepContext, 'attempt' | 'startedAt' | 'now'>): StepOutcome {
  if (outcome.kind !== 'wait' || !troubles.has(outcome.reason)) return outcome;
  const lasted = now.getTime() - startedAt.getTime();
  const allowed = outcome.reason === 'VolumeNotGrown' ? (attempt > 1 ? askedAgainMs : 0) : troubleMs;
  if (lasted < allowed) return outcome;
  const problem = { code: 'CONFLICT', message: outcome.message, nextAction: 'mend the cause that the message names, then retry the operation; or cancel it, and all but the size is as it was' };
  return { kind: 'fail', reason: outcome.reason, problem };
}
