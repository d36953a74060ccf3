import { waiting, type Outcome } from '../../outcome.ts';

/** What may come about of what a node asked for. */
export interface Verdict {
  /** The StatefulSet is to change. */
  changes: boolean;
  /** It may. */
  mayChange: boolean;
  /** The pod may be evicted. */
  mayLeave: boolean;
  /** Why the one or the other has to wait. */
  waits?: string;
  /** Only asking again tells what comes next. */
  again: boolean;
}

const askAgainMs = 1_000;

/** What is told of a node whose pod is to change or to leave: one that leaves is as good as before until then. */
export function withVerdict(outcome: Outcome, { changes, mayChange, mayLeave, waits, again }: Verdict): Outcome {
  if (outcome.kind === 'stalled') return outcome;
  if (changes && !mayChange) {
    const { degraded } = outcome;
    return { ...waiting('WaitingForTurn', `Another pod is to take the place of this one. It waits for its turn: ${waits ?? ''}`, askAgainMs), ...(degraded ? { degraded } : {}) };
  }
  if (changes && outcome.kind === 'ready') return waiting('WaitingForPod', 'Another pod is to take the place of this one.', askAgainMs);
  const leaves = mayLeave ? ' Its machine is being emptied, and its pod may leave.' : waits === undefined ? '' : ` Its machine is being emptied; its pod waits for its turn to leave: ${waits}`;
  return { ...outcome, ...(again ? { afterMs: Math.min(outcome.afterMs ?? askAgainMs, askAgainMs) } : {}), message: `${outcome.message}${leaves}` };
}
