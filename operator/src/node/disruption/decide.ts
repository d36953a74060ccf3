/** What is known when a node asks whether its pod may go. */
export interface Asked {
  /** The pod is to be another one: what it is made from has changed. */
  changes: boolean;
  /** The pod is to be elsewhere: its machine is being emptied. */
  leaves: boolean;
  /** The cluster says that the pod is not ready: there is nothing to lose, and the change may be the mend. */
  isDown: boolean;
  /** The pod is the one that was wished for last, others count on it, and it cannot be evicted. */
  isSettled: boolean;
  /** Who has the turn: this node, one that may need it, or nobody. */
  turn: 'own' | 'other' | 'free';
  /** Why it may not be down now. */
  obstacle: string | undefined;
}

export interface Answer {
  /** The StatefulSet may change, and the pod may be evicted. */
  go: boolean;
  /** What is to become of the turn first; without it, the answer does not hold. */
  turn?: 'take' | 'return';
}

/** A turn is kept until the pod is back and settled: what has gone wrong with one node must not befall the next. */
export function decideTurn({ changes, leaves, isDown, isSettled, turn, obstacle }: Asked): Answer {
  if (changes && isDown) return { go: true };
  if (!changes && !leaves) return turn === 'own' && isSettled ? { go: false, turn: 'return' } : { go: false };
  if (turn === 'other') return { go: false };
  if (turn === 'own' && (obstacle === undefined || isDown)) return { go: true };
  // Another node went down before this one did: whoever has no such obstacle may go first.
  if (turn === 'own') return isSettled ? { go: false, turn: 'return' } : { go: false };
  return obstacle === undefined && !isDown ? { go: true, turn: 'take' } : { go: false };
}
