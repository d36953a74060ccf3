import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import css from './ui.module.css';

interface Crumb {
  title: string;
  to?: string;
}

interface Properties {
  title: string;
  /** From the outermost; the page itself is put at the end. */
  crumbs?: readonly Crumb[];
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, crumbs = [], lead, actions, children }: Properties) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · Guildhall`;
  }, [title]);
  return (
    <div className={css.page}>
      {crumbs.length > 0 && (
        <nav aria-label={t('crumbs')} className={css.crumbs}>
          <ol>
            {crumbs.map(({ title, to }) => (
              <li key={to ?? title}>{to ? <Link to={to}><bdi>{title}</bdi></Link> : <bdi>{title}</bdi>}</li>
            ))}
            <li>
              <bdi aria-current="page">{title}</bdi>
            </li>
          </ol>
        </nav>
      )}
      <header className={css.pageHead}>
        <div className={css.pageTitle}>
          <h1>
            <bdi title={title}>{title}</bdi>
          </h1>
          {lead && <div className={css.pageLead}>{lead}</div>}
        </div>
        {actions && <div className={css.pageActions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
