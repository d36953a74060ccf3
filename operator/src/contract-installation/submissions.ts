import { sleep, type Clock } from '@guildhall/kubernetes';

/**
 * Transactions on their way to the ledger. That takes as long as a batch, and meanwhile other things about the same object are to be seen and
 * told: so a pass begins a submission, and a later one takes what became of it.
 */
export interface Submissions<Result> {
  /**
   * What became of this submission for the object, which the first call begins; undefined while it is under way. What fails, or is there
   * already, is mostly known at once: that much is waited for. Rejects as `submit` did.
   */
  take(object: string, id: string, submit: (signal: AbortSignal) => Promise<Result>): Promise<{ result: Result } | undefined>;
  /** Whether the object's submission has begun and its end was not taken yet. */
  isUnderWay(object: string): boolean;
  forget(object: string): void;
  close(): void;
}

interface Submission<Result> {
  id: string;
  stop: AbortController;
  end?: PromiseSettledResult<Result>;
  /** A pass waits for it. */
  awaited: boolean;
}

const atOnceMs = 100;

/** `onEnd` is told when an object has something to take. */
export function createSubmissions<Result>(clock: Clock, onEnd: (object: string) => void): Submissions<Result> {
  const underWay = new Map<string, Submission<Result>>();

  function forget(object: string): void {
    underWay.get(object)?.stop.abort();
    underWay.delete(object);
  }

  async function follow(object: string, submission: Submission<Result>, submit: (signal: AbortSignal) => Promise<Result>): Promise<void> {
    [submission.end] = await Promise.allSettled([submit(submission.stop.signal)]);
    if (!submission.awaited && !submission.stop.signal.aborted) onEnd(object);
  }

  async function begin(object: string, id: string, submit: (signal: AbortSignal) => Promise<Result>): Promise<Submission<Result>> {
    forget(object);
    const stop = new AbortController();
    const submission: Submission<Result> = { id, stop, awaited: true };
    underWay.set(object, submission);
    const over = new AbortController();
    await Promise.race([follow(object, submission, submit), sleep(clock, atOnceMs, over.signal)]);
    over.abort();
    submission.awaited = false;
    return submission;
  }

  return {
    async take(object, id, submit) {
      const known = underWay.get(object);
      // The pass that began it may have ended meanwhile, by an error of another of its parts: nobody waits for the end any more.
      if (known?.id === id) known.awaited = false;
      const submission = known?.id === id ? known : await begin(object, id, submit);
      if (submission.end === undefined) return undefined;
      if (underWay.get(object) === submission) underWay.delete(object);
      if (submission.end.status === 'rejected') throw submission.end.reason;
      return { result: submission.end.value };
    },
    isUnderWay: (object) => underWay.has(object),
    forget,
    close() {
      for (const object of underWay.keys()) forget(object);
    },
  };
}
