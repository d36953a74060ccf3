import { objectOr, textOr, type JsonObject } from '../json.ts';
import type { StoredObject } from '../store/store.ts';
import type { Call } from './call.ts';
import type { ApiContext } from './context.ts';
import { badRequest, expired, notFound, qualified } from './failure.ts';
import { apiVersionOf } from './kind.ts';
import { metadataOf } from './prepare.ts';
import { selection } from './selectors.ts';

export interface ListOptions {
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  limit?: number | undefined;
  continue?: string | undefined;
}

export interface Page {
  items: StoredObject[];
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** Where the next page begins: after this object, in the list as it was at this revision. */
interface Position {
  revision: number;
  after: string;
}

const encode = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');
function decode(token: string): Position {
  try {
    const { revision, after } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>;
    if (typeof revision === 'number' && typeof after === 'string') return { revision, after };
  } catch {
    // told below, as anything else that is not a position
  }
  throw badRequest('continue key is not valid: use the one of the last page as it was given');
}

const positionOf = (object: StoredObject): string => {
  const { namespace, name } = metadataOf(object);
  return `${textOr(namespace)}/${textOr(name)}`;
};

export function getObject({ store }: ApiContext, { kind, namespace, name }: Call): StoredObject {
  const object = store.get(qualified(kind), namespace, name);
  if (!object) throw notFound(kind, name);
  return object;
}

export function listObjects({ store }: ApiContext, { kind, namespace }: Call, options: ListOptions): Page {
  const resource = qualified(kind);
  const within = namespace === '' ? undefined : namespace;
  const position = options.continue ? decode(options.continue) : undefined;
  const revision = position?.revision ?? store.revision();
  const all = position ? store.listAt(resource, revision, within) : store.list(resource, within);
  if (!all) throw expired('The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.');
  const matches = selection(kind, options.labelSelector, options.fieldSelector);
  const left = all.filter((object) => (position === undefined || positionOf(object) > position.after) && matches(object));
  const limit = options.limit && options.limit > 0 ? options.limit : left.length;
  const items = left.slice(0, limit);
  const last = items.at(-1);
  const rest = left.length - items.length;
  const selected = Boolean(options.labelSelector ?? options.fieldSelector);
  return {
    items,
    resourceVersion: String(revision),
    ...(rest > 0 && last ? { continue: encode({ revision, after: positionOf(last) }), ...(selected ? {} : { remainingItemCount: rest }) } : {}),
  };
}

export function listBody({ kind }: Pick<Call, 'kind'>, page: Page): JsonObject {
  const { items, resourceVersion, remainingItemCount } = page;
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: {
      resourceVersion,
      ...(page.continue || kind.isCustom ? { continue: page.continue ?? '' } : {}),
      ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
    },
    items: items.map((item) => objectOr(item)),
  };
}
