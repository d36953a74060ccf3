import { events, isConflict, refOf, type Event } from '@guildhall/kubernetes';
import type { ClusterClient } from './cluster.ts';

/** Kubernetes' default (--event-ttl). Without an end they would fill memory and database. */
const keptMs = 3_600_000;

/** Removes the events that were last written more than an hour ago. */
export async function expireEvents(client: ClusterClient, now: number): Promise<void> {
  const { items } = await client.list(events);
  for (const event of items.filter((it) => lastWritten(it) + keptMs < now)) {
    const { uid, resourceVersion } = event.metadata;
    await client.delete(events, refOf(event), { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) }).catch(unlessWritten);
  }
}

function lastWritten({ metadata, series }: Event): number {
  return Math.max(...[metadata.creationTimestamp, series?.lastObservedTime].map((time) => (time === undefined ? 0 : Date.parse(time))));
}

/** Counted on in this very moment: it stays. */
function unlessWritten(error: unknown): void {
  if (!isConflict(error)) throw error;
}
