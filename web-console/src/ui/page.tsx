import { Breadcrumb } from 'antd';
import { useEffect, type ReactNode } from 'react';
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
  useEffect(() => {
    document.title = `${title} · Guildhall`;
  }, [title]);
  return (
    <div className={css.page}>
      {crumbs.length > 0 && (
        <Breadcrumb
          className={css.crumbs ?? ''}
          items={[
            ...crumbs.map((crumb) => ({ key: crumb.to ?? crumb.title, title: crumb.to ? <Link to={crumb.to}><bdi>{crumb.title}</bdi></Link> : <bdi>{crumb.title}</bdi> })),
            { key: 'here', title: <bdi aria-current="page">{title}</bdi> },
          ]}
        />
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
