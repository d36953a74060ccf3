import { LogoutOutlined, MenuOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';
import { problemsOf } from '../graphql/problem.ts';
import { useSession } from '../session/session-context.ts';
import { PreparationBanner } from '../settings/preparation-banner.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { useNotify } from '../ui/notices.tsx';
import { ServerText } from '../ui/server-text.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Broken } from './broken.tsx';
import mark from './guildhall.svg';
import { loadLater } from './load-later.ts';
import { Navigation } from './navigation.tsx';
import { OperationsInProgress } from './operations-in-progress.tsx';
import { useNarrow } from './use-media.ts';
import css from './layout.module.css';

// The first screen need not wait for them.
const AppearanceControls = lazy(async () => ({ default: (await loadLater(() => import('./appearance-controls.tsx'))).AppearanceControls }));
const NavigationDrawer = lazy(async () => ({ default: (await loadLater(() => import('./navigation-drawer.tsx'))).NavigationDrawer }));

function SignOut() {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const notify = useNotify();
  const run = (): void => {
    signOut().catch((error: unknown) => notify({ kind: 'error', title: t('signOutFailed'), description: <ServerText text={problemsOf(error)[0].message} /> }));
  };
  return <Button type="text" icon={<LogoutOutlined />} aria-label={t('signOut')} title={t('signOut')} onClick={run} />;
}

/** Reading begins at the top of a new page, for eyes and for screen readers. */
function useArrival(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

export function Layout() {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  const main = useArrival();
  const { pathname } = useLocation();
  return (
    <div className={css.layout}>
      <a href="#content" className={css.skip} onClick={() => main.current?.focus()}>
        {t('skip')}
      </a>
      <header className={css.header}>
        {narrow && <Button type="text" icon={<MenuOutlined />} aria-label={t('navigation.open')} aria-expanded={open} onClick={() => setOpen(true)} />}
        <Link to="/" className={css.brand ?? ''} aria-label="Guildhall">
          <img src={mark} alt="" width={26} height={26} />
          <span>Guildhall</span>
        </Link>
        <div className={css.headerEnd}>
          <OperationsInProgress />
          <Suspense fallback={null}>
            <AppearanceControls />
          </Suspense>
          <SignOut />
        </div>
      </header>
      {narrow ? (
        <Suspense fallback={null}>
          <NavigationDrawer open={open} onClose={() => setOpen(false)} />
        </Suspense>
      ) : (
        <aside className={css.side}>
          <Navigation />
        </aside>
      )}
      <main id="content" ref={main} tabIndex={-1} className={css.main}>
        <Suspense fallback={null}>
          <PreparationBanner />
        </Suspense>
        <ErrorBoundary key={pathname} fallback={(error) => <Broken error={error} />}>
          <Suspense fallback={<Waiting words={t('loadingPage')} />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}
