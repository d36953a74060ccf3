import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { ConsortiumByNameDocument, ConsortiumNowDocument } from '../graphql/generated/graphql.ts';
import { dataOf, mapLive, type Live } from '../graphql/live.ts';
import { useLive, useQuery } from '../graphql/use-live.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart } from '../ui/panel.tsx';
import type { ConsortiumNow } from './consortium-context.ts';

/** What a consortium's screens have in common: what is known of it, live. */
export function Consortium() {
  const { t } = useTranslation('consortium');
  const { name = '' } = useParams();
  const found = useQuery(ConsortiumByNameDocument, { name });
  const id = dataOf(found)?.consortium.id;
  const live = useLive(ConsortiumNowDocument, { id: id ?? '' }, { skip: id === undefined, isLast: ({ consortium }) => consortium.state === 'deleted' });
  const known: Live<ConsortiumNow> = mapLive(live, ({ consortium }) => consortium);
  if (found.state === 'error' || known.state === 'loading' || known.state === 'error') {
    return (
      <Page title={name} crumbs={[{ title: t('home'), to: '/' }]}>
        <LivePart live={found.state === 'error' ? found : known} waiting={t('waiting')} missing={<Empty title={t('noSuch')} action={<Link to="/">{t('toHome')}</Link>}>{t('noSuchLead')}</Empty>}>
          {() => null}
        </LivePart>
      </Page>
    );
  }
  return <Outlet context={known} />;
}
