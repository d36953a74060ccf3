import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { ConsortiumPage } from '../consortia/consortium-page.tsx';
import type { ConsortiumNow } from '../consortia/consortium-context.ts';
import { MemberFilter } from '../consortia/member-filter.tsx';
import { CertificatesDocument } from '../graphql/generated/graphql.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Empty } from '../ui/empty.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { OwnedCertificateTable } from './certificate-table.tsx';

const refreshMs = 30_000;

function Body({ consortium }: { consortium: ConsortiumNow }) {
  const { t } = useTranslation('certificates');
  const [search] = useSearchParams();
  const member = search.get('member');
  const live = useQuery(CertificatesDocument, { consortium: consortium.name }, { everyMs: refreshMs });
  return (
    <Panel title={t('list')} flush extra={<MemberFilter members={consortium.members} />}>
      <LivePart live={live} waiting={t('waiting')} empty={{ when: ({ certificates }) => certificates.length === 0, show: <Empty title={t('empty')}>{t('emptyLead')}</Empty> }}>
        {({ certificates }) => {
          const shown = certificates.filter((certificate) => member === null || certificate.member === member);
          if (shown.length === 0) return <Empty title={t('noneOf')} />;
          return <OwnedCertificateTable consortium={consortium.name} certificates={shown} caption={t('list')} />;
        }}
      </LivePart>
    </Panel>
  );
}

/** Every certificate of a consortium, the one that expires first at the top. */
export function Certificates() {
  const { t } = useTranslation('certificates');
  return (
    <ConsortiumPage title={t('title')} lead={() => t('lead')}>
      {(consortium) => <Body consortium={consortium} />}
    </ConsortiumPage>
  );
}
