/** What this worker runs or left waiting, and what changed meanwhile: so that only a change that matters costs a look at the database. */
export interface Waits {
  began(operationId: string, consortium: string): void;
  /** The run ended and nothing of this worker's is left to be looked at. */
  ended(operationId: string): void;
  /**
   * The run ended in a wait. True when it is over already: what changed after the step looked.
   * @param isOver left out, every change is worth a look
   */
  leftWaiting(operationId: string, isOver?: () => boolean): boolean;
  /** Something of the consortium changed. Gives the operations that are to be looked at. */
  changed(consortium: string): string[];
}

interface Entry {
  readonly consortium: string;
  running: boolean;
  changed: boolean;
  isOver: () => boolean;
}

export function createWaits(): Waits {
  const entries = new Map<string, Entry>();
  return {
    began: (operationId, consortium) => void entries.set(operationId, { consortium, running: true, changed: false, isOver: () => true }),
    ended: (operationId) => void entries.delete(operationId),
    leftWaiting(operationId, isOver) {
      const entry = entries.get(operationId);
      if (entry === undefined) return false;
      entry.running = false;
      entry.isOver = isOver ?? (() => true);
      return isOver === undefined ? entry.changed : isOver();
    },
    changed(consortium) {
      const affected = [...entries].filter(([, entry]) => entry.consortium === consortium);
      for (const [, entry] of affected) entry.changed = true;
      return affected.filter(([, { running, isOver }]) => !running && isOver()).map(([id]) => id);
    },
  };
}
