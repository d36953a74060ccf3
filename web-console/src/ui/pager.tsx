import { lazy, Suspense } from 'react';
import type { CursorPages } from './use-cursor-pages.ts';

const PagerButtons = lazy(() => import('./pager-buttons.tsx').then(({ PagerButtons }) => ({ default: PagerButtons })));

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
