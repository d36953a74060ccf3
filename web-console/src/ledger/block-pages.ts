export const pageSize = 20;

/** The number that an address begins its page with; undefined for the newest. */
export const pageOf = (from: string | null): number | undefined => (from !== null && /^\d{1,10}$/.test(from) ? Number(from) : undefined);

/** A block's cursor is its number, and a page begins after it. */
export const blocksOfPage = (channel: string, from: number): { channel: string; first: number; after: string } => ({ channel, first: pageSize, after: String(from + 1) });

/** Where the page of older blocks begins; undefined when this one has the first block. */
export function olderPage(from: number | undefined, newest: number): number | undefined {
  const older = (from ?? newest) - pageSize;
  return older < 0 ? undefined : older;
}

/** Where the page of newer blocks begins; undefined: it is the newest one. */
export const newerPage = (from: number, newest: number): number | undefined => (from + pageSize >= newest ? undefined : from + pageSize);
