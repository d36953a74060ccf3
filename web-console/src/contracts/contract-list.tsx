import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useConsortium, type ConsortiumNow } from '../consortia/consortium-context.ts';
import { consortiumPath } from '../app/paths.ts';
import { dataOf } from '../graphql/live.ts';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { Status } from '../ui/status.tsx';
import { Untrusted } from '../ui/untrusted.tsx';
import { ContractMatrix } from './contract-matrix.tsx';
import { EndorsementWords } from './endorsement-words.tsx';
import { contractPath } from '../app/paths.ts';
import { useRunsImages } from './deploy/use-runs-images.ts';
import { callPath, deployPath, templatesPath } from './paths.ts';
import css from './contracts.module.css';

type Contract = ConsortiumNow['contracts'][number];

export function ContractFacts({ contract, consortium }: { contract: Contract; consortium: ConsortiumNow }) {
  const { t } = useTranslation('contracts');
  const channel = consortium.channels.find(({ name }) => name === contract.channel);
  return (
    <Facts
      facts={[
        { term: t('state'), value: <Status tone={contract.ready ? 'good' : 'busy'}>{contract.ready ? t('ready') : t('notReady')}</Status> },
        { term: t('channel'), value: <Untrusted text={contract.channel} /> },
        { term: t('version'), value: <Untrusted text={contract.version} code /> },
        ...(contract.image === null ? [] : [{ term: t('image'), value: <Untrusted text={contract.image} code /> }]),
        { term: t('committed'), value: contract.committedVersion === null ? t('notCommitted') : <Untrusted text={contract.committedVersion} code /> },
        { term: t('sequence'), value: contract.sequence ?? '–' },
        { term: t('endorsement.title'), value: <EndorsementWords policy={contract.endorsementPolicy} channelPolicy={channel?.endorsementPolicy} channelMembers={channel?.members.length ?? 0} /> },
      ]}
    />
  );
}

export function ContractList() {
  const { t } = useTranslation('contracts');
  const live = useConsortium();
  const name = dataOf(live)?.name ?? '';
  const runsImages = useRunsImages();
  const deploy = (
    <>
      <LinkButton to={templatesPath(name)} type="primary">{t('deployOne')}</LinkButton>
      {runsImages && <LinkButton to={deployPath(name, { image: '' })}>{t('deployImage')}</LinkButton>}
    </>
  );
  return (
    <Page title={t('contracts')} crumbs={[{ title: t('home'), to: '/' }, { title: name, to: consortiumPath(name) }]} lead={t('contractsLead')} actions={deploy}>
      <LivePart live={live} waiting={t('waiting')} empty={{ when: ({ contracts }) => contracts.length === 0, show: <Empty title={t('none')}>{t('noneLead')}</Empty> }}>
        {(consortium) =>
          consortium.contracts.map((contract) => (
            <Panel
              key={contract.id}
              title={<Link to={contractPath(name, contract.name)}><Untrusted text={contract.name} /></Link>}
              extra={<Link to={callPath(name, contract.name)}>{t('call')}</Link>}
            >
              <ContractFacts contract={contract} consortium={consortium} />
              <div className={css.apart}>
                <ContractMatrix contract={contract} />
              </div>
            </Panel>
          ))
        }
      </LivePart>
    </Page>
  );
}
