import type { JsonObject } from '../json.ts';
import type { StoreEvent } from '../store/store.ts';
import type { Call } from './call.ts';
import type { ApiContext } from './context.ts';
import { badRequest, expired, qualified, type Status } from './failure.ts';
import { metadataOf } from './prepare.ts';
import { selection, type Matches } from './selectors.ts';

export type WatchItem =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: JsonObject }
  | { type: 'ERROR'; object: Status };

export interface WatchOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Empty or "0": everything there is comes first, as ADDED. */
  resourceVersion?: string | undefined;
}

export interface Watch {
  /** Everything up to this revision has been delivered. */
  revision(): number;
  close(): void;
}

/**
 * Calls `deliver` with what happens to the objects of a resource, in the tick in which it becomes visible. After an
 * ERROR nothing follows.
 */
export function openWatch({ store }: ApiContext, { kind, namespace, name }: Call, options: WatchOptions, deliver: (items: WatchItem[]) => void): Watch {
  const resource = qualified(kind);
  const matches = within(namespace, name, selection(kind, options.labelSelector, options.fieldSelector));
  const from = options.resourceVersion ?? '';
  if (!/^\d*$/.test(from)) throw badRequest(`Invalid value: ${JSON.stringify(from)}: resourceVersion must be a number`);
  let revision = Number(from);
  let close = (): void => undefined;

  function drain(): void {
    const events = revision > store.revision() ? undefined : store.eventsSince(resource, revision);
    if (!events) {
      close();
      deliver([{ type: 'ERROR', object: expired(`too old resource version: ${revision} (${store.revision()})`).status }]);
      return;
    }
    revision = store.revision();
    const items = events.flatMap((event) => itemOf(event, matches));
    if (items.length > 0) deliver(items);
  }

  if (revision === 0) {
    revision = store.revision();
    const present = store.list(resource, namespace === '' ? undefined : namespace).filter(matches);
    close = store.subscribe(resource, drain);
    if (present.length > 0) deliver(present.map((object) => ({ type: 'ADDED', object })));
  } else {
    close = store.subscribe(resource, drain);
    drain();
  }
  return { revision: () => revision, close: () => close() };
}

const within = (namespace: string, name: string, selected: Matches): Matches => (object) => {
  const metadata = metadataOf(object);
  return (namespace === '' || metadata['namespace'] === namespace) && (name === '' || metadata['name'] === name) && selected(object);
};

/** An object that begins or ceases to match was added or deleted as far as this watch is concerned. */
function itemOf({ type, object, previous, revision }: StoreEvent, matches: Matches): WatchItem[] {
  const before = previous !== undefined && matches(previous);
  const after = type !== 'DELETED' && matches(object);
  if (after) return [{ type: before ? 'MODIFIED' : 'ADDED', object }];
  if (!before || !previous) return [];
  return [{ type: 'DELETED', object: { ...previous, metadata: { ...metadataOf(previous), resourceVersion: String(revision) } } }];
}
