import { lazy, Suspense } from 'react';
import { loadLater } from '../app/load-later.ts';
import type { CursorPages } from './use-cursor-pages.ts';

// A list whose buttons cannot be had just now is better than none.
const PagerButtons = lazy(async () => ({ default: (await loadLater(() => import('./pager-buttons.tsx'))).PagerButtons }));

export interface PagerProperties {
  pages: CursorPages;
  info: { hasNextPage: boolean; endCursor: string | null };
}

/** Most lists have one page, and need no way to others. */
export function Pager({ pages, info }: PagerProperties) {
  if (pages.number === 1 && !info.hasNextPage) return null;
  return (
    <Suspense fallback={null}>
      <PagerButtons pages={pages} info={info} />
    </Suspense>
  );
}
