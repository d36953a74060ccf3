import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import { ApiProblem } from '../errors.ts';

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface PageArgs {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

export interface PageQuery {
  limit: number;
  after: string | undefined;
  before: string | undefined;
  /** From the end: for `last`. */
  backwards: boolean;
}

const maxSize = 100;

const invalid = (path: string, message: string): ApiProblem =>
  new ApiProblem({ code: 'INVALID_INPUT', path, message: `${path}: ${message}`, nextAction: 'page with first and after, or backwards with last and before' });

const isCount = (size: number | null | undefined): boolean => size === null || size === undefined || (size >= 0 && size <= maxSize);

/** Refuses what would otherwise be answered with another page than the one that was asked for. */
function check({ first, last, after, before }: PageArgs, isCursor: (text: string) => boolean): void {
  if (!isCount(first)) throw invalid('first', `must be between 0 and ${maxSize}`);
  if (!isCount(last)) throw invalid('last', `must be between 0 and ${maxSize}`);
  if (typeof first === 'number' && typeof last === 'number') throw invalid('last', 'cannot stand together with first');
  for (const [name, cursor] of [['after', after], ['before', before]] as const) {
    if (cursor && !isCursor(cursor)) throw invalid(name, 'is not a cursor that came from here');
  }
}

/** A page by keys, so that nothing comes twice and nothing is left out while rows come and go. */
export function page<Row>(
  args: PageArgs,
  options: { cursorOf: (row: Row) => string; isCursor: (text: string) => boolean },
  read: (query: PageQuery) => Promise<Row[]>,
) {
  check(args, options.isCursor);
  return resolveCursorConnection({ args, defaultSize: 20, maxSize, toCursor: options.cursorOf }, ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
    // The cursors of an empty page are empty, and mean: from the start.
    read({ limit, after: after || undefined, before: before || undefined, backwards: inverted }),
  );
}
