import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { textOfStored } from '../json.ts';
import type { Call } from './call.ts';
import { apiVersionOf } from './kind.ts';
import type { Watch, WatchItem } from './watch.ts';

export interface StreamTimes {
  /** Between bookmarks of a watch that asked for them. */
  bookmarkMs?: number;
  /** Of a watch that does not say how long it wants to last. */
  watchMs?: number;
}

/** A client that reads this little of what it asked for is better off listing again. */
const longestBacklog = 16 * 1024 * 1024;
const longestTimer = 2_147_483_647;

/** One JSON document a line, until the time is over or the client goes. */
export function streamWatch(
  response: ServerResponse,
  { kind }: Call,
  query: URLSearchParams,
  open: (deliver: (items: WatchItem[]) => void) => Watch,
  { bookmarkMs = 60_000, watchMs = 30 * 60_000 }: StreamTimes,
): Promise<void> {
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  const lasts = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : watchMs;

  // Refusals come before anything is written: they are answers of their own.
  let early: WatchItem[] = [];
  let deliver = (items: WatchItem[]): void => void (early = [...early, ...items]);
  const watch = open((items) => deliver(items));

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const bookmark = (): void => {
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: { resourceVersion: String(watch.revision()), creationTimestamp: null } };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };
  const finish = (): void => {
    clearInterval(bookmarkTimer);
    clearTimeout(endTimer);
    watch.close();
    response.end();
  };
  const bookmarkTimer = setInterval(() => bookmarks && bookmark(), bookmarkMs);
  const endTimer = setTimeout(() => {
    if (bookmarks) bookmark();
    finish();
  }, Math.min(lasts, longestTimer));
  response.on('close', finish);

  deliver = (items) => {
    response.write(items.map((item) => `${item.type === 'ERROR' ? JSON.stringify(item) : `{"type":"${item.type}","object":${textOfStored(item.object)}}`}\n`).join(''));
    if (items.some((item) => item.type === 'ERROR') || response.writableLength > longestBacklog) finish();
  };
  if (early.length > 0) deliver(early);
  return Promise.resolve();
}

/** The log as it comes, however late that is; `open` gets a signal that is aborted when the client goes, and throws what is an answer of its own. */
export async function streamLog(response: ServerResponse, open: (signal: AbortSignal) => AsyncIterable<Uint8Array>): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const chunks = open(gone.signal);
  response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders();
  for await (const chunk of chunks) {
    if (!response.write(chunk) && !gone.signal.aborted) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
