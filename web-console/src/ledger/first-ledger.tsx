import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { consortiumPath } from '../app/paths.ts';
import { useConsortium } from '../consortia/consortium-context.ts';
import { dataOf } from '../graphql/live.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { ledgerPath } from './ledger-paths.ts';

/** The ledger of a consortium's first channel; there one goes on to the others. */
export function FirstLedger() {
  const { t } = useTranslation('ledger');
  const { name = '' } = useParams();
  const first = dataOf(useConsortium())?.channels[0];
  if (first) return <Navigate to={ledgerPath({ consortium: name, channel: first.name })} replace />;
  return (
    <Page title={t('ledger')} crumbs={[{ title: t('consortia'), to: '/' }, { title: name, to: consortiumPath(name) }]}>
      <Empty title={t('noChannels')}>{t('noChannelsLead')}</Empty>
    </Page>
  );
}
