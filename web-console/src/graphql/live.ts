import type { Heard } from './client.ts';
import { isPassing, problemsOf, type ApiProblem } from './problem.ts';

/** What is known of something that changes. What was known last stays when the connection is lost. */
export type Live<Data> =
  | { state: 'loading' }
  | { state: 'live'; data: Data; heardAt: Date }
  | { state: 'stale'; data: Data; since: Date; problem: ApiProblem }
  | { state: 'error'; problem: ApiProblem; retrying: boolean };

export type LiveEvent<Data> =
  | { kind: 'asked' }
  | { kind: 'data'; data: Data; at: Date }
  | { kind: 'alive'; at: Date }
  | { kind: 'lost'; problem: ApiProblem; at: Date }
  | { kind: 'refused'; problem: ApiProblem };

export function nextLive<Data>(live: Live<Data>, event: LiveEvent<Data>): Live<Data> {
  switch (event.kind) {
    case 'asked':
      return { state: 'loading' };
    case 'data':
      return { state: 'live', data: event.data, heardAt: event.at };
    case 'alive':
      return live.state === 'live' ? { ...live, heardAt: event.at } : live;
    case 'lost':
      if (live.state === 'live') return { state: 'stale', data: live.data, since: live.heardAt, problem: event.problem };
      if (live.state === 'stale') return { ...live, problem: event.problem };
      return { state: 'error', problem: event.problem, retrying: true };
    case 'refused':
      return { state: 'error', problem: event.problem, retrying: false };
    default:
      return event satisfies never;
  }
}

export const dataOf = <Data>(live: Live<Data>): Data | undefined => (live.state === 'live' || live.state === 'stale' ? live.data : undefined);

const slowestMs = 15_000;

/** How long to wait before the next attempt: doubling, and spread so that all pages do not come back in the same moment. */
export const backOffMs = (failures: number, random: number): number => Math.min(slowestMs, 500 * 2 ** Math.min(failures, 10)) * (0.5 + random / 2);

/** The source ended without saying that it was the last word. */
const endedEarly: ApiProblem = { code: 'UNREACHABLE', message: 'the connection was closed' };

export interface FollowOptions<Data> {
  source: (signal: AbortSignal) => AsyncGenerator<Heard<Data>, void>;
  emit: (event: LiveEvent<Data>) => void;
  signal: AbortSignal;
  /** Whether nothing can follow. */
  isLast: (data: Data) => boolean;
  /** Resolves when it is time for another attempt. */
  pause: (failures: number, signal: AbortSignal) => Promise<void>;
  now: () => Date;
}

/** Follows a source through any number of broken connections, until its last word, a refusal, or the end of interest. */
export async function follow<Data>({ source, emit, signal, isLast, pause, now }: FollowOptions<Data>): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      for await (const heard of source(signal)) {
        if (signal.aborted) return;
        failures = 0;
        if (heard === 'alive') {
          emit({ kind: 'alive', at: now() });
          continue;
        }
        emit({ kind: 'data', data: heard.data, at: now() });
        if (isLast(heard.data)) return;
      }
      emit({ kind: 'lost', problem: endedEarly, at: now() });
    } catch (error) {
      if (signal.aborted) return;
      const [problem] = problemsOf(error);
      if (!isPassing(problem)) return emit({ kind: 'refused', problem });
      emit({ kind: 'lost', problem, at: now() });
    }
    await pause(failures, signal);
  }
}

/** The same knowledge of a part. */
export function mapLive<Data, Part>(live: Live<Data>, part: (data: Data) => Part): Live<Part> {
  return live.state === 'live' || live.state === 'stale' ? { ...live, data: part(live.data) } : live;
}
