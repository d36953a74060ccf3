import { isTrouble } from '@guildhall/resources';
import { placeOf, refOf } from '../operations/readiness.ts';
import type { StepContext, StepOutcome } from '../operations/operation.ts';
import type { ClusterObject } from '../projections/cluster-view.ts';
import { conditionsOf } from '../projections/conditions.ts';
import type { NodeChange } from './node-change.ts';

/** A trouble may pass by itself, as when the cluster gets another machine; then a person should know of it. */
const troubleMs = 300_000;
/** The operator asks a cluster that refused a larger volume once a minute: a retry is answered so late. */
const askedAgainMs = 70_000;

type Looked = Pick<StepContext, 'attempt' | 'startedAt' | 'troubleSince' | 'now'>;

/** A node is ready although its volume is refused. @param node as it is now that it is ready */
export function grown(ready: StepOutcome, node: ClusterObject): StepOutcome {
  const refused = conditionsOf(node).find(({ type, status, reason }) => type === 'Degraded' && status === 'True' && reason === 'VolumeNotGrown');
  return refused === undefined ? ready : { kind: 'wait', reason: refused.reason, message: `${placeOf(refOf(node))}: ${refused.message}`, retryAfterMs: 5000 };
}

/** @param outcome what the node's readiness, and the size of its volume where that was to change, come to */
export function changeOutcome(outcome: StepOutcome, { storage }: NodeChange, looked: Looked): StepOutcome {
  if (outcome.kind !== 'wait' || !lastsTooLong(outcome.reason, looked)) return outcome;
  const nextAction =
    storage === undefined
      ? 'mend the cause that the message names, then retry the operation; or cancel it, and all is as it was'
      : 'mend the cause that the message names, then retry the operation; or cancel it, and all but the size is as it was';
  return { kind: 'fail', reason: outcome.reason, problem: { code: 'CONFLICT', message: outcome.message, nextAction } };
}

function lastsTooLong(reason: string, { attempt, startedAt, troubleSince, now }: Looked): boolean {
  // It is the cluster's answer to this very wish, given at once.
  if (reason === 'VolumeNotGrown') return now.getTime() - startedAt.getTime() >= (attempt > 1 ? askedAgainMs : 0);
  return isTrouble(reason) && troubleSince !== undefined && now.getTime() - troubleSince.getTime() >= troubleMs;
}
