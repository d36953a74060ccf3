import { Button } from 'antd';
import { Suspense, useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Live } from '../graphql/live.ts';
import { ConnectionLost } from './connection-lost.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Problems } from './problems.tsx';
import { Waiting } from './waiting.tsx';
import css from './ui.module.css';

interface LivePartProperties<Data> {
  live: Live<Data>;
  /** What is being waited for, in words. */
  waiting: string;
  /** Left out: nothing is ever empty. */
  empty?: { when: (data: Data) => boolean; show: ReactNode };
  /** When the API says that it does not exist. Left out: that is a problem like others. */
  missing?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** Something live in each of its forms: loading, shown, empty, stale, failed. */
export function LivePart<Data>({ live, waiting, empty, missing, children }: LivePartProperties<Data>) {
  const { t } = useTranslation();
  if (live.state === 'loading') return <Waiting words={waiting} />;
  if (live.state === 'error' && missing !== undefined && live.problem.code === 'NOT_FOUND') return missing;
  if (live.state === 'error') {
    return (
      <>
        <Problems problems={[live.problem]} />
        {live.retrying && <Waiting words={t('connection.retrying')} atOnce />}
      </>
    );
  }
  return (
    <>
      {live.state === 'stale' && <ConnectionLost since={live.since} />}
      {empty?.when(live.data) ? empty.show : children(live.data)}
    </>
  );
}

interface PanelProperties {
  title: ReactNode;
  /** Beside the title: buttons, figures. */
  extra?: ReactNode;
  /** Without space around the content, as for tables. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page with a title. When it fails, the others live. */
export function Panel({ title, extra, flush = false, children }: PanelProperties) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className={css.panel} aria-labelledby={id}>
      <header className={css.panelHead}>
        <h2 id={id}>{title}</h2>
        {extra && <div className={css.panelExtra}>{extra}</div>}
      </header>
      <div className={flush ? css.panelFlush : css.panelBody}>
        <ErrorBoundary
          fallback={(error, again) => (
            <div className={css.panelFailed}>
              <Problems problems={[{ code: 'CONSOLE', message: error.message }]} />
              <Button onClick={again}>{t('showAgain')}</Button>
            </div>
          )}
        >
          <Suspense fallback={<Waiting words={t('loadingPage')} />}>{children}</Suspense>
        </ErrorBoundary>
      </div>
    </section>
  );
}
