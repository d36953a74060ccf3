import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface Attempt {
  readonly source: string;
  readonly limitMs: number;
  readonly ledger: 'answering' | 'failing';
}
export interface Result {
  readonly payload?: string;
  readonly refusal?: string;
  readonly fault?: string;
  readonly reason?: string;
  /** Of the host. */
  readonly error?: string;
  readonly asked: readonly string[];
}

export interface RealmRuns {
  /** Runs one call of a contract in a thread of its own kind; fails when that thread ends. */
  run(source: string, options?: Partial<Attempt>): Promise<Result>;
  close(): Promise<void>;
}

export function startRealmRuns(): RealmRuns {
  const worker = new Worker(new URL('./realm-worker.ts', import.meta.url));
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`the thread ended with ${code}`);
  });
  ended.catch(() => undefined);
  return {
    async run(source, options = {}) {
      worker.postMessage({ source, limitMs: 5000, ledger: 'answering', ...options }, []);
      const [result] = (await Promise.race([once(worker, 'message'), ended])) as [Result];
      return result;
    },
    close: async () => void (await worker.terminate()),
  };
}
