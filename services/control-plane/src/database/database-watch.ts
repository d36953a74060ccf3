import { sql } from 'kysely';
import { pause } from '../availability.ts';
import type { Database } from './database.ts';

const lookMs = 2000;
const answerMs = 3000;

export interface DatabaseWatch {
  /** Why the database was of no use when it was last asked. */
  problem(): string | undefined;
  /** The same, asked now. */
  ask(): Promise<string | undefined>;
  /** Asks again and again until the signal, so that an outage shows before the next request does. */
  run(signal: AbortSignal): Promise<void>;
}

export function createDatabaseWatch(db: Database): DatabaseWatch {
  let problem: string | undefined = 'it was not asked yet';
  const answer = (): Promise<string | undefined> =>
    sql`select 1`.execute(db).then(
      () => undefined,
      () => 'it does not answer',
    );
  const ask = async (): Promise<string | undefined> => {
    const answered = new AbortController();
    const nothing = pause(answerMs, answered.signal).then(() => `it does not answer within ${answerMs / 1000} s`);
    problem = await Promise.race([answer(), nothing]);
    answered.abort();
    return problem;
  };
  return {
    problem: () => problem,
    ask,
    run: async (signal) => {
      while (!signal.aborted) {
        await ask();
        await pause(lookMs, signal);
      }
    },
  };
}
