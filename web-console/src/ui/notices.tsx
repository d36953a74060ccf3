import { createContext, lazy, Suspense, use, useCallback, useEffect, useState, type ReactNode } from 'react';
import { loadLater } from '../app/load-later.ts';
import { once } from '../once.ts';

/** What became of something that leaves no place on the page to say it. */
export interface Notice {
  kind: 'success' | 'error';
  title: string;
  description?: ReactNode;
}

// Most visits see none. Loaded before one is wanted: the worst of them says that Guildhall is gone.
const shownNotices = once(() => loadLater(() => import('./shown-notices.tsx')));
const ShownNotices = lazy(async () => ({ default: (await shownNotices()).ShownNotices }));
const NoticesContext = createContext<((notice: Notice) => void) | undefined>(undefined);

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [waiting, setWaiting] = useState<readonly Notice[]>();
  const notify = useCallback((notice: Notice) => setWaiting((before = []) => [...before, notice]), []);
  const onShown = useCallback((shown: readonly Notice[]) => setWaiting((before = []) => before.filter((notice) => !shown.includes(notice))), []);
  useEffect(() => void shownNotices(), []);
  return (
    <NoticesContext value={notify}>
      {children}
      <Suspense fallback={null}>{waiting && <ShownNotices waiting={waiting} onShown={onShown} />}</Suspense>
    </NoticesContext>
  );
}

/** Shows a notice for a while. */
export function useNotify(): (notice: Notice) => void {
  const notify = use(NoticesContext);
  if (!notify) throw new Error('nothing above this component shows notices');
  return notify;
}
