import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { consortiumPath } from '../app/paths.ts';
import { dataOf } from '../graphql/live.ts';
import { Page } from '../ui/page.tsx';
import { LivePart } from '../ui/panel.tsx';
import { useConsortium, type ConsortiumNow } from './consortium-context.ts';

interface Properties {
  title: string;
  /** What stands between the consortium and this page. */
  crumbs?: readonly { title: string; to: string }[];
  lead?: (consortium: ConsortiumNow) => ReactNode;
  actions?: (consortium: ConsortiumNow) => ReactNode;
  children: (consortium: ConsortiumNow) => ReactNode;
}

/** A page below a consortium, made from what is known of it now. */
export function ConsortiumPage({ title, crumbs = [], lead, actions, children }: Properties) {
  const { t } = useTranslation('consortium');
  const live = useConsortium();
  const consortium = dataOf(live);
  if (!consortium) return null;
  return (
    <Page title={title} crumbs={[{ title: t('home'), to: '/' }, { title: consortium.name, to: consortiumPath(consortium.name) }, ...crumbs]} lead={lead?.(consortium)} actions={actions?.(consortium)}>
      <LivePart live={live} waiting={t('waiting')}>
        {children}
      </LivePart>
    </Page>
  );
}
