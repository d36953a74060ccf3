import type { Api } from './api.ts';
import { consortiumFields, type ConsortiumView } from './consortium.ts';
import { until } from './until.ts';

export interface Sighting {
  /** performance.now() of its arrival. */
  at: number;
  view: ConsortiumView;
}

export interface Watch {
  /** The first sighting since `since` (performance.now()) of which it is true. */
  first(what: string, since: number, is: (view: ConsortiumView) => boolean, timeoutMs?: number): Promise<Sighting>;
  /** What was shown last. */
  last(): ConsortiumView;
  stop(): Promise<void>;
}

/** Follows a consortium by the subscription that the console uses. */
export async function watchConsortium(api: Api, id: string): Promise<Watch> {
  const sightings: Sighting[] = [];
  const stopping = new AbortController();
  const follow = async (): Promise<void> => {
    try {
      for await (const { consortium } of api.subscribe<{ consortium: ConsortiumView }>(`subscription($id: ID!) { consortium(id: $id) { ${consortiumFields} } }`, { id }, stopping.signal))
        sightings.push({ at: performance.now(), view: consortium });
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
    if (!stopping.signal.aborted) throw new Error('the subscription ended');
  };
  const following = follow();
  /** An end of the subscription fails whoever waits for it. */
  const failed = following.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  const first: Watch['first'] = (what, since, is, timeoutMs) =>
    Promise.race([failed, until(what, () => sightings.find(({ at, view }) => at >= since && is(view)), timeoutMs, 5)]);
  await first('the first sighting', 0, () => true);
  return {
    first,
    last: () => sightings.at(-1)?.view as ConsortiumView,
    stop: async () => {
      stopping.abort();
      await following;
    },
  };
}
