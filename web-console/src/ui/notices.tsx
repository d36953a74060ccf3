import { createContext, lazy, Suspense, use, useCallback, useState, type ReactNode } from 'react';

/** What became of something that leaves no place on the page to say it. */
export interface Notice {
  kind: 'success' | 'error';
  title: string;
  description?: ReactNode;
}

// Most visits see none.
const ShownNotices = lazy(() => import('./shown-notices.tsx').then(({ ShownNotices }) => ({ default: ShownNotices })));
const NoticesContext = createContext<((notice: Notice) => void) | undefined>(undefined);

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const notify = useCallback((notice: Notice) => setNotices((before) => [...before, notice]), []);
  return (
    <NoticesContext value={notify}>
      {children}
      <Suspense fallback={null}>{notices.length > 0 && <ShownNotices notices={notices} />}</Suspense>
    </NoticesContext>
  );
}

/** Shows a notice for a while. */
export function useNotify(): (notice: Notice) => void {
  const notify = use(NoticesContext);
  if (!notify) throw new Error('nothing above this component shows notices');
  return notify;
}
