import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, TransportError, type KubernetesClient, type Ref } from '@guildhall/kubernetes';
import { z } from 'zod';
import { batches } from '../batches.ts';
import { unavailable } from '../errors.ts';
import { logLine, type LogLine } from './log-line.ts';
import { createToldLines } from './told-lines.ts';

export const logQuery = z.strictObject({
  lines: z.int().min(1).max(1000),
  search: z.string().min(1).max(200).optional(),
  previous: z.boolean().default(false),
});
export type LogQuery = z.output<typeof logQuery>;

/** Logs of pods, through the Kubernetes API. */
export interface PodLogs {
  /** The newest lines; with `search`, of those among the last 20,000 that contain it, whatever the case. Nothing where there is no log yet. */
  read(pod: Ref, query: LogQuery): Promise<LogLine[]>;
  /**
   * The newest lines now, then others as they come, also of the processes that follow, until `isGone` or it is returned. Goes on by itself
   * after a broken connection, without telling a line twice.
   */
  follow(pod: Ref, lines: number, isGone: () => Promise<boolean>): AsyncIterableIterator<LogLine[]>;
}

const searchedLines = 20_000;
/** What is longer comes as its beginning. */
const longestLine = 8 * 1024;
const readMs = 10_000;
/** A process that ended is started again after a second at the earliest. */
const againMs = 1000;
/** How far back lines are known again. */
const rememberedLines = 1000;
const atOnce = 200;

/** 404: no such pod; 400: its process has not begun, or there was none before it. */
const isNothing = (error: unknown): boolean => error instanceof ApiError && (error.status === 404 || error.status === 400);

export function createPodLogs(client: Pick<KubernetesClient, 'podLog'>): PodLogs {
  async function lastLines(pod: Ref, { lines, search, previous }: LogQuery, signal: AbortSignal): Promise<string[]> {
    const wanted = search?.toLowerCase();
    const kept: string[] = [];
    for await (const raw of client.podLog(pod, { tailLines: wanted === undefined ? lines : searchedLines, previous, cutLinesAt: longestLine, signal })) {
      if (raw === '' || (wanted !== undefined && !logLine(raw).text.toLowerCase().includes(wanted))) continue;
      kept.push(raw);
      if (kept.length > lines) kept.shift();
    }
    return kept;
  }

  /** The lines; none where there is no log. */
  async function readRaw(pod: Ref, query: LogQuery, ended?: AbortSignal): Promise<string[]> {
    const late = AbortSignal.timeout(readMs);
    try {
      return await lastLines(pod, query, ended === undefined ? late : AbortSignal.any([late, ended]));
    } catch (error) {
      if (isNothing(error)) return [];
      if (late.aborted || error instanceof TransportError) throw unavailable('the cluster does not give the log', { cause: error });
      throw error;
    }
  }

  /** Ends when the process does, when the connection breaks, and when there is no log. */
  async function* present(pod: Ref, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    try {
      for await (const raw of client.podLog(pod, { tailLines: rememberedLines, follow: true, cutLinesAt: longestLine, signal })) if (raw !== '') yield raw;
    } catch (error) {
      if (!signal.aborted && !isNothing(error) && !(error instanceof TransportError)) throw error;
    }
  }

  async function* linesOf(pod: Ref, lines: number, isGone: () => Promise<boolean>, signal: AbortSignal): AsyncGenerator<LogLine[], void, undefined> {
    const told = createToldLines(rememberedLines);
    const beginning = told.again();
    yield (await readRaw(pod, { lines: rememberedLines, previous: false }, signal)).flatMap(beginning).slice(-lines).map(logLine);
    while (!signal.aborted) {
      const isNew = told.again();
      for await (const batch of batches(present(pod, signal), atOnce)) {
        const fresh = batch.flatMap(isNew);
        if (fresh.length > 0) yield fresh.map(logLine);
      }
      if (signal.aborted || (await isGone())) return;
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    read: async (pod, query) => (await readRaw(pod, query)).map(logLine),
    follow(pod, lines, isGone) {
      const stop = new AbortController();
      const source = linesOf(pod, lines, isGone, stop.signal);
      // A generator that waits for the next line is ended by the signal; by itself it would wait on.
      const end = (): Promise<IteratorResult<LogLine[]>> => {
        stop.abort();
        return source.return();
      };
      const stream: AsyncIterableIterator<LogLine[]> = {
        [Symbol.asyncIterator]: () => stream,
        next: async () => {
          try {
            return await source.next();
          } catch (error) {
            if (stop.signal.aborted) return { done: true, value: undefined };
            throw error;
          }
        },
        return: end,
        throw: async (error) => {
          await end();
          throw error;
        },
      };
      return stream;
    },
  };
}
