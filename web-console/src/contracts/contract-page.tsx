import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { consortiumPath } from '../app/paths.ts';
import { useConsortium, type ConsortiumNow } from '../consortia/consortium-context.ts';
import { ContractDetailsDocument } from '../graphql/generated/graphql.ts';
import { dataOf } from '../graphql/live.ts';
import { useQuery } from '../graphql/use-live.ts';
import { Copyable } from '../ui/copyable.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page } from '../ui/page.tsx';
import { LivePart, Panel } from '../ui/panel.tsx';
import { AnswerDefinition } from './answer-definition.tsx';
import { isOpen } from './answers.ts';
import { ContractFacts } from './contract-list.tsx';
import { ContractMatrix } from './contract-matrix.tsx';
import { ContractVersions } from './contract-versions.tsx';
import { StateDiagram } from './diagram/lazy-state-diagram.tsx';
import { MemberLog } from './member-log.tsx';
import { readMetadata } from './metadata.ts';
import { OperationTable } from './operation-table.tsx';
import { contractsPath } from '../app/paths.ts';
import { callPath, sourcePath, upgradePath } from './paths.ts';
import css from './contracts.module.css';

type Contract = ConsortiumNow['contracts'][number];

/** What does not change while a definition stands; asked anew for each. */
function Details({ contract }: { contract: Contract }) {
  const { t } = useTranslation('contracts');
  const live = useQuery(ContractDetailsDocument, { id: contract.id });
  const metadata = readMetadata(dataOf(live)?.contract.metadata);
  const none = <p>{t('noMetadata')}</p>;
  return (
    <>
      <Panel title={t('states.title')}>
        <LivePart live={live} waiting={t('waitingDetails')}>
          {() => (metadata ? <StateDiagram metadata={metadata} /> : none)}
        </LivePart>
      </Panel>
      <Panel title={t('operations.title')} flush>
        <LivePart live={live} waiting={t('waitingDetails')}>
          {() => (metadata ? <OperationTable metadata={metadata} /> : none)}
        </LivePart>
      </Panel>
      <Panel title={t('log.title')}>
        <MemberLog contract={contract} />
      </Panel>
      <Panel title={t('versions.title')} flush>
        <LivePart live={live} waiting={t('waitingDetails')}>
          {({ contract: { versions } }) => <ContractVersions versions={versions} />}
        </LivePart>
      </Panel>
      <Panel title={t('code')}>
        <LivePart live={live} waiting={t('waitingDetails')}>
          {({ contract: { artifactDigest, packageId } }) => (
            <Facts
              facts={[
                { term: t('digest'), value: <Copyable text={artifactDigest} what={t('digest')} /> },
                { term: t('packageId'), value: packageId === null ? '–' : <Copyable text={packageId} what={t('packageId')} /> },
              ]}
            />
          )}
        </LivePart>
      </Panel>
    </>
  );
}

function Body({ consortium, contract }: { consortium: ConsortiumNow; contract: Contract }) {
  const { t } = useTranslation('contracts');
  const open = isOpen(contract.members);
  return (
    <>
      <Panel title={t('now')}>
        <ContractFacts contract={contract} consortium={consortium} />
      </Panel>
      <Panel title={t('members')} flush>
        {open && <p className={css.flushLead}>{contract.committedVersion === contract.version ? t('answer.lateLead') : t('answer.lead')}</p>}
        <ContractMatrix contract={contract} {...(open ? { answer: (member) => <AnswerDefinition consortium={consortium.name} contract={contract.name} member={member} /> } : {})} />
      </Panel>
      <Details key={`${contract.version} ${contract.sequence} ${contract.committedVersion}`} contract={contract} />
    </>
  );
}

export function ContractPage() {
  const { t } = useTranslation('contracts');
  const live = useConsortium();
  const { contract: wanted = '' } = useParams();
  const name = dataOf(live)?.name ?? '';
  const found = dataOf(live)?.contracts.find((contract) => contract.name === wanted);
  const isImage = found !== undefined && found.image !== null;
  const actions = found && (
    <>
      <LinkButton to={callPath(name, wanted)} type="primary">{t('call')}</LinkButton>
      <LinkButton to={upgradePath(name, wanted, isImage ? { image: '' } : undefined)}>{t('upgrade')}</LinkButton>
      {!isImage && <LinkButton to={sourcePath({ kind: 'contract', consortium: name, contract: wanted })}>{t('editSource')}</LinkButton>}
    </>
  );
  return (
    <Page title={wanted} crumbs={[{ title: t('home'), to: '/' }, { title: name, to: consortiumPath(name) }, { title: t('contracts'), to: contractsPath(name) }]} actions={actions}>
      <LivePart live={live} waiting={t('waiting')}>
        {(consortium) => {
          const contract = consortium.contracts.find((candidate) => candidate.name === wanted);
          return contract ? <Body consortium={consortium} contract={contract} /> : <Empty title={t('noSuchContract', { contract: wanted })} action={<Link to={contractsPath(name)}>{t('toContracts')}</Link>} />;
        }}
      </LivePart>
    </Page>
  );
}
