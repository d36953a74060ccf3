import type { ClusterReader } from '../projections/cluster-reader.ts';
import { consortiumOf, type ClusterObject, type ClusterView } from '../projections/cluster-view.ts';
import { isReady } from '../projections/conditions.ts';
import { isAway, createOutageLog, retryMs, pause } from '../availability.ts';
import { followLedger, type FollowDependencies, type IndexedChannel } from './follow-ledger.ts';
import { abandonChannels, indexedChannels, sweepLedgers } from './index-writer.ts';

/** How often indexes are compared with the channels that there are. */
const lookMs = 60_000;

const channelOf = (object: ClusterObject): IndexedChannel | undefined => {
  const consortium = consortiumOf(object);
  const { name, uid } = object.metadata;
  return object.kind === 'Channel' && consortium !== undefined && uid !== undefined ? { consortium, channel: name, uid } : undefined;
};

/**
 * Follows the ledger of every channel from the time on when it is Ready, so that nothing is asked of peers while they are being set up; one that was
 * followed before is followed whatever its state.
 */
export function createLedgerFollowers(dependencies: FollowDependencies & { view: ClusterView; reader: Pick<ClusterReader, 'all'> }): { run(signal: AbortSignal): Promise<void> } {
  const { db, view, reader, logger } = dependencies;
  const running = new Map<string, { stop: AbortController; ended: Promise<void> }>();
  let known = new Set<string>();
  let changed = true;
  let wake: () => void = () => undefined;
  view.onChange(({ object }) => {
    if (object.kind !== 'Channel') return;
    changed = true;
    wake();
  });

  const look = (signal: AbortSignal): void => {
    changed = false;
    const channels = new Map(view.all().flatMap((object) => {
      const channel = channelOf(object);
      return channel ? [[channel.uid, { channel, ready: isReady(object) }] as const] : [];
    }));
    for (const [uid, { stop }] of running) {
      if (channels.has(uid)) continue;
      stop.abort();
      running.delete(uid);
    }
    for (const [uid, { channel, ready }] of channels) {
      if (running.has(uid) || !(ready || known.has(uid))) continue;
      const stop = new AbortController();
      running.set(uid, { stop, ended: followLedger(dependencies, channel, AbortSignal.any([signal, stop.signal])) });
    }
  };

  const uidsOf = (objects: readonly ClusterObject[]): Set<string> => new Set(objects.flatMap((object) => channelOf(object)?.uid ?? []));

  /**
   * What other replicas index already may be a channel that this one has not seen yet. So the cluster itself says which are gone, and is asked after
   * the indexes were read: a channel that is not there then will never be there again.
   */
  const abandonGone = async (indexed: ReadonlySet<string>): Promise<void> => {
    const seen = uidsOf(view.all());
    if ([...indexed].every((uid) => seen.has(uid))) return;
    const live = uidsOf(await reader.all('Channel'));
    await abandonChannels(db, [...indexed].filter((uid) => !live.has(uid)));
  };

  const compare = async (signal: AbortSignal): Promise<void> => {
    known = await indexedChannels(db);
    await abandonGone(known);
    await sweepLedgers(db, signal);
  };

  const nextChange = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (changed || signal.aborted) wake();
    });

  return {
    run: async (signal) => {
      signal.addEventListener('abort', () => wake(), { once: true });
      const outage = createOutageLog(logger, 'looking after the indexes of ledgers');
      let comparedAt = -Infinity;
      while (!signal.aborted) {
        try {
          if (performance.now() - comparedAt >= lookMs) {
            await compare(signal);
            comparedAt = performance.now();
          }
          look(signal);
          outage.worked();
          await nextChange(signal);
        } catch (error) {
          if (isAway(error)) outage.failed(error);
          else logger.error({ err: error }, 'the indexes of ledgers cannot be looked after; trying again');
          await pause(retryMs, signal);
        }
      }
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}
