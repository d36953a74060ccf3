import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { consortiumPath } from '../../app/paths.ts';
import { useConsortium, type ConsortiumNow } from '../../consortia/consortium-context.ts';
import { ContractDetailsDocument } from '../../graphql/generated/graphql.ts';
import { dataOf } from '../../graphql/live.ts';
import { useQuery } from '../../graphql/use-live.ts';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { LivePart } from '../../ui/panel.tsx';
import { readMetadata } from '../metadata.ts';
import { contractPath, contractsPath } from '../../app/paths.ts';
import { CallForm } from './call-form.tsx';

function Loaded({ consortium, contract }: { consortium: ConsortiumNow; contract: ConsortiumNow['contracts'][number] }) {
  const { t } = useTranslation('call');
  // Begun once: a form that is being filled in does not change under the hand.
  const [id] = useState(contract.id);
  const live = useQuery(ContractDetailsDocument, { id });
  return (
    <LivePart live={live} waiting={t('waiting')}>
      {(details) => <CallForm consortium={consortium} contract={contract} metadata={readMetadata(details.contract.metadata)} />}
    </LivePart>
  );
}

export function CallPage() {
  const { t } = useTranslation('call');
  const live = useConsortium();
  const { contract: wanted = '' } = useParams();
  const name = dataOf(live)?.name ?? '';
  return (
    <Page
      title={t('title', { contract: wanted })}
      crumbs={[{ title: t('home'), to: '/' }, { title: name, to: consortiumPath(name) }, { title: t('contracts'), to: contractsPath(name) }, { title: wanted, to: contractPath(name, wanted) }]}
      lead={t('lead')}
    >
      <LivePart live={live} waiting={t('waiting')}>
        {(consortium) => {
          const contract = consortium.contracts.find((candidate) => candidate.name === wanted);
          return contract ? <Loaded key={contract.id} consortium={consortium} contract={contract} /> : <Empty title={t('noSuchContract', { contract: wanted })} action={<Link to={contractsPath(name)}>{t('toContracts')}</Link>} />;
        }}
      </LivePart>
    </Page>
  );
}
